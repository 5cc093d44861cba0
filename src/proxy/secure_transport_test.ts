import { strictEqual } from "node:assert/strict";
import { sip } from "../../tests/support/registrations.ts";
import { asksOtherTransport } from "./secure_transport.ts";

const URIS: readonly (readonly [string, boolean])[] = [
  ["sip:b@192.0.2.10", false],
  ["sip:b@192.0.2.10;transport=udp", false],
  ["sip:b@192.0.2.10;transport=tcp", false],
  ["sip:b@192.0.2.10;transport=TCP", false],
  ["sip:b@192.0.2.10;transport", false],
  ["sip:b@192.0.2.10;transport=carrier-pigeon", false],
  ["sip:b@192.0.2.10;transport=tls", true],
  ["sip:b@192.0.2.10;transport=TLS", true],
  ["sip:b@192.0.2.10;Transport=Tls", true],
  ["sip:b@192.0.2.10;lr;transport=ws", true],
  ["sip:b@192.0.2.10;transport=wss;lr", true],
  ["sip:b@192.0.2.10;transport=sctp", true],
  ["sip:b@192.0.2.10;transport=tls-sctp", true],
  ["sip:b@192.0.2.10;transport=tlsx", false],
  ["sip:b@192.0.2.10;xtransport=tls", false],
  ["sip:b@192.0.2.10?transport=tls", false],
  ["sip:transport=tls@192.0.2.10", false],
  ["sips:b@192.0.2.10", false],
];

for (const [uri, wanted] of URIS) {
  Deno.test(`asksOtherTransport() says ${wanted} of ${uri}`, () => {
    strictEqual(asksOtherTransport(sip(uri)), wanted);
  });
}

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {} from "../../tests/support/phone_world.ts";
import { decodeLatin1 } from "../base/text.ts";
import { responseOf } from "../../tests/support/sip_messages.ts";
import { answerAction } from "./answer.ts";
import type { ListenPoint } from "./input.ts";

const LISTEN: ListenPoint = { side: "wan", transport: "udp", local: peer("192.0.2.1:5060") };

/** Via of the answer, connection that the request came by, and the port of 192.0.2.10 that gets it. */
const PORTS: readonly (readonly [string, number | undefined, number])[] = [
  ["SIP/2.0/UDP 192.0.2.10:5070", undefined, 5070],
  ["SIP/2.0/UDP 192.0.2.10", undefined, 5060],
  ["SIP/2.0/UDP 192.0.2.10:5070;rport=40000", undefined, 40_000],
  ["SIP/2.0/UDP 192.0.2.10:5070;rport", undefined, 41_000],
  ["SIP/2.0/UDP 192.0.2.99:5070", undefined, 41_000],
  ["SIP/2.0/UDP victim.example:5070", undefined, 41_000],
  ["SIP/2.0/UDP victim.example:5070;received=192.0.2.99", undefined, 41_000],
  ["nonsense", undefined, 41_000],
  ["SIP/2.0/TCP 192.0.2.10:5070", 3, 5070],
  ["SIP/2.0/TCP 192.0.2.10", 3, 5060],
  ["SIP/2.0/TCP 192.0.2.10:5070;rport=40000", 3, 5070],
  ["nonsense", 3, 41_000],
];

for (const [via, connectionId, port] of PORTS) {
  Deno.test(`answerAction() by "${via}" on ${connectionId ?? "UDP"} goes to port ${port}`, () => {
    const response = responseOf(["SIP/2.0 200 OK", `Via: ${via};branch=z9hG4bK1`]);
    const listenPoint: ListenPoint = connectionId === undefined
      ? LISTEN
      : { ...LISTEN, transport: "tcp" };
    const source = peer("192.0.2.10:41000");
    const action = answerAction(response, {
      data: new Uint8Array(),
      source,
      listenPoint,
      connectionId,
    });
    if (action.kind !== "send") throw new Error(action.kind);
    deepStrictEqual(action.hop, {
      side: "wan",
      transport: listenPoint.transport,
      peer: { address: source.address, port },
      connectionId,
    });
    strictEqual(decodeLatin1(action.data).startsWith("SIP/2.0 200 OK\r\n"), true);
  });
}

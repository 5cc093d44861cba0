import { strictEqual } from "node:assert/strict";
import { isPrivateHost } from "./private_host.ts";

const hosts: readonly (readonly [string, boolean])[] = [
  ["10.0.0.10", true],
  ["192.168.178.20", true],
  ["172.16.0.1", true],
  ["172.32.0.1", false],
  ["100.64.1.1", true],
  ["169.254.1.1", true],
  ["127.0.0.1", true],
  ["192.0.2.10", false],
  ["198.51.100.4", false],
  ["[fd00::1]", true],
  ["fe80::1", true],
  ["[2001:db8::1]", false],
  ["phone", true],
  ["PHONE-7", true],
  ["pbx.local", true],
  ["pbx.LAN", true],
  ["fritz.box", true],
  ["nas.fritz.box", true],
  ["a.home.arpa", true],
  ["example.org", false],
  ["local.example.org", false],
  ["notlocal", true],
  ["sip.notlocal.org", false],
  ["", false],
  ["a b", false],
  ["host;x", false],
  ["x".repeat(254), false],
];

for (const [host, expected] of hosts) {
  Deno.test(`isPrivateHost() says ${expected} to "${host.slice(0, 40)}"`, () => {
    strictEqual(isPrivateHost(host), expected);
  });
}

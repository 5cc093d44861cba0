import { deepStrictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig } from "./load.ts";

const ISSUES: readonly (readonly [string, readonly string[]])[] = [
  ["if_inbound = eth0\nipv6 = off", []],
  ["if_inbound = fd00::1\nif_outbound = 192.0.2.1,2001:db8::1", []],
  ["if_inbound = fe80::1", [
    'f:1:14: error: if_inbound: Cannot use address "fe80::1": a link-local address needs a zone, which no SIP URI can name',
  ]],
  ["if_outbound = 192.0.2.1,2001:db8::1\nipv6 = off", [
    'f:1:15: error: if_outbound: Cannot use address "2001:db8::1": ipv6 = off',
  ]],
];

for (const [text, wanted] of ISSUES) {
  Deno.test(`validateInterfaces() says ${wanted.length} things of ${JSON.stringify(text)}`, () => {
    deepStrictEqual(loadConfig({ text, fileName: "f" }).issues.map(formatIssue), wanted);
  });
}

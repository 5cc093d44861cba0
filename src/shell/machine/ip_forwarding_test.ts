import { deepStrictEqual } from "node:assert/strict";
import { parseForwarding } from "./ip_forwarding.ts";

const OFF = "inet lo forwarding off rp_filter off mc_forwarding off proxy_neigh off \n";

const texts: readonly (readonly [string, string, readonly number[] | undefined])[] = [
  ["no output", "", undefined],
  [
    "busybox's usage",
    "BusyBox v1.35.0 multi-call binary.\n\nUsage: ip [OPTIONS] address",
    undefined,
  ],
  ["nothing forwarded", `${OFF}inet6 lo forwarding off mc_forwarding off`, []],
  ["one interface", `${OFF}inet eth0 forwarding on rp_filter strict\n`, [4]],
  ["all", `inet all forwarding on rp_filter off\ninet6 all forwarding on mc_forwarding off`, [
    4,
    6,
  ]],
  ["IPv6 alone", `${OFF}inet6 all forwarding on mc_forwarding off`, [6]],
  ["another version's words", "ipv4 all forwarding on rp_filter off\nipv6 lo forwarding off", [4]],
  ["multicast alone", "inet all forwarding off mc_forwarding on", []],
];

for (const [what, text, wanted] of texts) {
  Deno.test(`parseForwarding() of ${what} is ${JSON.stringify(wanted)}`, () => {
    deepStrictEqual(parseForwarding(text), wanted);
  });
}

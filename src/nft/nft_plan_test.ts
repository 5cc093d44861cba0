import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import {
  markRules,
  needsTable,
  type NftPlan,
  openLine,
  rulesLine,
  shutLine,
  tableLine,
  tableName,
} from "./nft_plan.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

const PLAN: NftPlan = {
  table: "siproxd_77",
  mediaPortLow: 7070,
  mediaPortHigh: 7089,
  mediaDscp: 46,
  sipPort: 5060,
  sipServerPorts: [5060, 5070, 5060],
  sipDscp: 24,
  doors: "live",
  guarded: [ip("203.0.113.1"), ip("2001:db8::1")],
};

const MARKS_ONLY: NftPlan = { ...PLAN, sipDscp: 0, doors: "untouched", guarded: [] };

Deno.test("tableName() names the process", () => {
  strictEqual(tableName(4711), "siproxd_4711");
});

const needs: readonly (readonly [string, Partial<NftPlan>, boolean])[] = [
  ["nothing", { mediaDscp: 0, sipDscp: 0, doors: "untouched" }, false],
  ["media marks", { sipDscp: 0, doors: "untouched" }, true],
  ["SIP marks", { mediaDscp: 0, doors: "untouched" }, true],
  ["doors", { mediaDscp: 0, sipDscp: 0 }, true],
];

for (const [what, change, expected] of needs) {
  Deno.test(`needsTable() is ${expected} for ${what}`, () => {
    strictEqual(needsTable({ ...PLAN, ...change }), expected);
  });
}

Deno.test("tableLine() makes sets only for doors", () => {
  strictEqual(
    tableLine(MARKS_ONLY),
    "table inet siproxd_77 { flags owner; " +
      "chain out { type filter hook output priority mangle; policy accept; }; }",
  );
  strictEqual(
    tableLine(PLAN),
    "table inet siproxd_77 { flags owner; " +
      "set live4 { typeof ip daddr . udp dport; flags timeout; }; " +
      "set live6 { typeof ip6 daddr . udp dport; flags timeout; }; " +
      "set guarded4 { type ipv4_addr; }; set guarded6 { type ipv6_addr; }; " +
      "chain in { type filter hook input priority -5; policy accept; }; " +
      "chain out { type filter hook output priority mangle; policy accept; }; }",
  );
});

Deno.test("rulesLine() sets marks of media in both families", () => {
  strictEqual(
    rulesLine(MARKS_ONLY),
    "flush chain inet siproxd_77 out; " +
      "add rule inet siproxd_77 out meta nfproto ipv4 udp sport 7070-7089 ip dscp set 46; " +
      "add rule inet siproxd_77 out meta nfproto ipv6 udp sport 7070-7089 ip6 dscp set 46",
  );
});

Deno.test("rulesLine() shuts the media ports of guarded addresses but for live ones", () => {
  strictEqual(
    rulesLine({ ...PLAN, mediaDscp: 0, sipDscp: 0 }),
    "flush chain inet siproxd_77 out; flush chain inet siproxd_77 in; " +
      "flush set inet siproxd_77 guarded4; flush set inet siproxd_77 guarded6; " +
      "add element inet siproxd_77 guarded4 { 203.0.113.1 }; " +
      "add element inet siproxd_77 guarded6 { 2001:db8::1 }; " +
      "add rule inet siproxd_77 in ip daddr . udp dport @live4 accept; " +
      "add rule inet siproxd_77 in ip daddr @guarded4 udp dport 7070-7089 drop; " +
      "add rule inet siproxd_77 in ip6 daddr . udp dport @live6 accept; " +
      "add rule inet siproxd_77 in ip6 daddr @guarded6 udp dport 7070-7089 drop",
  );
});

Deno.test("markRules() marks SIP by our port, and over TCP by the servers' ports once each", () => {
  deepStrictEqual(
    markRules({ ...PLAN, mediaDscp: 0 }).filter((rule) => rule.includes("ipv4")),
    [
      "meta nfproto ipv4 udp sport 5060 ip dscp set 24",
      "meta nfproto ipv4 tcp sport 5060 ip dscp set 24",
      "meta nfproto ipv4 tcp dport { 5060, 5070 } ip dscp set 24",
    ],
  );
  strictEqual(markRules({ ...PLAN, mediaDscp: 0, sipServerPorts: [] }).length, 4);
});

const PORTS = [
  { address: ip("203.0.113.1"), port: 7072 },
  { address: ip("2001:db8::1"), port: 7074 },
  { address: ip("203.0.113.1"), port: 7073 },
];

Deno.test("openLine() begins the time of each port anew, by family", () => {
  strictEqual(
    openLine("t", { ports: PORTS, timeoutSeconds: 600 }),
    "add element inet t live4 { 203.0.113.1 . 7072, 203.0.113.1 . 7073 }; " +
      "delete element inet t live4 { 203.0.113.1 . 7072, 203.0.113.1 . 7073 }; " +
      "add element inet t live4 { 203.0.113.1 . 7072 timeout 600s, " +
      "203.0.113.1 . 7073 timeout 600s }; " +
      "add element inet t live6 { 2001:db8::1 . 7074 }; " +
      "delete element inet t live6 { 2001:db8::1 . 7074 }; " +
      "add element inet t live6 { 2001:db8::1 . 7074 timeout 600s }",
  );
});

Deno.test("shutLine() is no error for a port that has timed out", () => {
  strictEqual(
    shutLine("t", PORTS.slice(0, 1)),
    "add element inet t live4 { 203.0.113.1 . 7072 }; " +
      "delete element inet t live4 { 203.0.113.1 . 7072 }",
  );
});

const bugs: readonly (readonly [string, () => string])[] = [
  ["a port above", () => rulesLine({ ...PLAN, sipPort: 65_536 })],
  ["a port that is none", () => rulesLine({ ...PLAN, mediaPortLow: NaN })],
  ["a DSCP above", () => rulesLine({ ...PLAN, mediaDscp: 64 })],
  ["a fraction", () => openLine("t", { ports: PORTS, timeoutSeconds: 1.5 })],
  ["a negative process id", () => tableName(-1)],
];

for (const [what, write] of bugs) {
  Deno.test(`no line is written with ${what}`, () => {
    throws(write, RangeError);
  });
}

import { deepStrictEqual, doesNotMatch, match, strictEqual, throws } from "node:assert/strict";
import {
  dropTableLine,
  type OffloadPlan,
  offloadRulesLine,
  offloadTableLine,
  sumLine,
} from "./offload_table.ts";

const PLAN: OffloadPlan = { table: "t", portLow: 7070, portHigh: 7089, dscp: 46 };

Deno.test("offloadTableLine() makes maps and chains of IPv4 in one line", () => {
  deepStrictEqual(offloadTableLine(PLAN, 4).split("; ").slice(0, -1), [
    "table ip t { flags owner",
    "counter arrived { }",
    "counter left { }",
    "set quiet { type ipv4_addr",
    "size 4096",
    "}",
    "map da { typeof ip saddr . udp sport . ip daddr . udp dport : ip daddr",
    "}",
    "map dp { typeof ip saddr . udp sport . udp dport : udp dport",
    "counter",
    "}",
    "map sp { typeof ip saddr . udp sport . ip daddr . udp dport : udp sport",
    "counter",
    "}",
    "map sa { typeof ip saddr . udp sport . ip daddr . udp dport : ip saddr",
    "}",
    "chain pre { type filter hook prerouting priority -310",
    "policy accept",
    "udp dport 7070-7089 udp checksum != 0 ip frag-off & 0x3fff == 0 @th,64,2 2 " +
    "ip daddr set ip saddr . udp sport . ip daddr . udp dport map @da " +
    "udp dport set ip saddr . udp sport . udp dport map @dp " +
    "ip dscp set 46 notrack counter name arrived",
    "}",
    "chain post { type filter hook postrouting priority 350",
    "policy accept",
    "meta l4proto udp udp sport set ip saddr . udp sport . ip daddr . udp dport map @sp " +
    "ip saddr set ip saddr . udp sport . ip daddr . udp dport map @sa counter name left",
    "}",
    "chain out { type filter hook output priority 0",
    "policy accept",
    "icmp type redirect ip daddr @quiet drop",
    "}",
  ]);
});

Deno.test("offloadTableLine() of IPv6 has no word of IPv4", () => {
  const line = offloadTableLine(PLAN, 6);
  match(line, /^table ip6 t \{ flags owner; .*exthdr frag missing.*ip6 dscp set 46 notrack/);
  match(line, /icmpv6 type nd-redirect ip6 daddr @quiet drop/);
  doesNotMatch(line, /\bip |\bipv4_addr|\bicmp /);
});

Deno.test("offloadTableLine() leaves the mark alone where none is wanted", () => {
  doesNotMatch(offloadTableLine({ ...PLAN, dscp: 0 }, 4), /dscp/);
});

Deno.test("offloadRulesLine() changes ports and mark, and no map", () => {
  const [flush, add, ...more] = offloadRulesLine({ ...PLAN, portHigh: 7999, dscp: 34 }, 4)
    .split("; ");
  deepStrictEqual([flush, more], ["flush chain ip t pre", []]);
  match(add ?? "", /^add rule ip t pre udp dport 7070-7999 .* ip dscp set 34 notrack counter/);
});

Deno.test("dropTableLine() names family and table", () => {
  strictEqual(dropTableLine("t", 4), "delete table ip t");
});

Deno.test("sumLine() reads a sum and starts it anew", () => {
  strictEqual(sumLine("arrived", { table: "t", family: 4 }), "reset counter ip t arrived");
  strictEqual(sumLine("left", { table: "t", family: 6 }), "reset counter ip6 t left");
});

const wrong: readonly (readonly [string, Partial<OffloadPlan>])[] = [
  ["a port above all ports", { portHigh: 65_536 }],
  ["a port that is no number", { portLow: NaN }],
  ["a mark of seven bits", { dscp: 64 }],
];

for (const [what, change] of wrong) {
  Deno.test(`offloadTableLine() never writes ${what}`, () => {
    throws(() => offloadTableLine({ ...PLAN, ...change }, 4), RangeError);
  });
}

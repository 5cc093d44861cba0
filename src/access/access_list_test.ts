import assert from "node:assert/strict";
import { ip } from "../../tests/support/address.ts";
import type { Side } from "../base/socket_address.ts";
import {
  type AccessListEntry,
  type AccessRight,
  compileAccessLists,
  evaluateAccess,
} from "./access_list.ts";

/** Lists written as in siproxd.conf. */
interface Lists {
  readonly deny?: string;
  readonly sip?: string;
  readonly reg?: string;
}

function entries(text: string | undefined): readonly AccessListEntry[] | undefined {
  return text?.split(",").filter((part) => part !== "").map((part) => {
    const slash = part.lastIndexOf("/");
    const host = part.slice(0, slash);
    const kind = /^[0-9.]+$|:/.test(host) ? "address" : "name";
    return { kind, host, bits: Number(part.slice(slash + 1)) };
  });
}

function right(source: string, side: Side, lists: Lists): AccessRight {
  const compiled = compileAccessLists({
    denySip: entries(lists.deny),
    allowSip: entries(lists.sip),
    allowReg: entries(lists.reg),
  });
  const names = new Map([["pbx.example", [ip("203.0.113.7"), ip("2001:db8::7")]]]);
  return evaluateAccess(
    { source: ip(source), side },
    { lists: compiled, lookUp: (host) => names.get(host) ?? [] },
  );
}

const CASES: readonly (readonly [source: string, side: Side, lists: Lists, right: AccessRight])[] =
  [
    ["10.0.0.10", "lan", {}, "sip-and-register"],
    ["198.51.100.1", "wan", {}, "sip"],
    ["198.51.100.1", "wan", { reg: "198.51.100.0/24" }, "sip-and-register"],
    ["198.51.101.1", "wan", { reg: "198.51.100.0/24" }, "sip"],
    ["10.0.0.10", "lan", { reg: "10.0.1.0/24" }, "sip"],
    ["10.0.1.10", "lan", { reg: "10.0.1.0/24" }, "sip-and-register"],
    ["10.0.0.10", "lan", { sip: "10.0.0.0/8" }, "sip-and-register"],
    ["198.51.100.1", "wan", { sip: "10.0.0.0/8" }, "none"],
    ["198.51.100.1", "wan", { sip: "10.0.0.0/8,198.51.100.1/32" }, "sip"],
    // The registration list gives the SIP right as well.
    ["198.51.100.1", "wan", { sip: "10.0.0.0/8", reg: "198.51.100.0/24" }, "sip-and-register"],
    // The deny list wins over everything.
    ["10.0.0.66", "lan", { deny: "10.0.0.66/32" }, "none"],
    ["10.0.0.66", "lan", { deny: "10.0.0.66/32", sip: "10.0.0.0/8", reg: "10.0.0.0/8" }, "none"],
    ["10.0.0.67", "lan", { deny: "10.0.0.66/32" }, "sip-and-register"],
    // An empty list is one that is not set.
    ["10.0.0.10", "lan", { deny: "", sip: "", reg: "" }, "sip-and-register"],
    ["198.51.100.1", "wan", { reg: "" }, "sip"],
    // Prefix lengths.
    ["10.0.0.128", "lan", { deny: "10.0.0.0/25" }, "sip-and-register"],
    ["10.0.0.127", "lan", { deny: "10.0.0.0/25" }, "none"],
    ["10.0.0.1", "lan", { deny: "10.0.0.200/24" }, "none"],
    // A /0 is everybody, of either family.
    ["203.0.113.99", "wan", { reg: "0.0.0.0/0" }, "sip-and-register"],
    ["2001:db8::1", "wan", { deny: "0.0.0.0/0" }, "none"],
    // One of IPv6 is everybody by IPv6.
    ["2001:db8::1", "wan", { reg: "::/0" }, "sip-and-register"],
    ["203.0.113.99", "wan", { reg: "::/0" }, "sip"],
    // IPv6 and IPv4-mapped.
    ["2001:db8::1", "wan", { deny: "2001:db8::/32" }, "none"],
    ["2001:db9::1", "wan", { deny: "2001:db8::/32" }, "sip"],
    ["::ffff:10.0.0.10", "lan", { deny: "10.0.0.10/32" }, "none"],
    ["10.0.0.10", "lan", { deny: "::ffff:10.0.0.0/104" }, "none"],
    // Names match by their addresses; one that is not known matches nobody and stops nothing.
    ["203.0.113.7", "wan", { reg: "pbx.example/32" }, "sip-and-register"],
    ["203.0.113.8", "wan", { reg: "pbx.example/32" }, "sip"],
    ["203.0.113.8", "wan", { reg: "pbx.example/24" }, "sip-and-register"],
    ["2001:db8::7", "wan", { reg: "pbx.example/32" }, "sip-and-register"],
    ["2001:db8::8", "wan", { reg: "pbx.example/32" }, "sip"],
    ["203.0.113.7", "wan", { reg: "nobody.example/32,203.0.113.7/32" }, "sip-and-register"],
    ["203.0.113.7", "wan", { deny: "nobody.example/32" }, "sip"],
  ];

for (const [source, side, lists, expected] of CASES) {
  Deno.test(`evaluateAccess() row 69: gives ${expected} to ${source} on ${side} with ${JSON.stringify(lists)}`, () => {
    assert.equal(right(source, side, lists), expected);
  });
}

Deno.test("compileAccessLists() leaves out an entry that is no network", () => {
  const lists = compileAccessLists({
    denySip: [{ kind: "address", host: "10.0.0.300", bits: 8 }, {
      kind: "address",
      host: "::1",
      bits: 129,
    }],
    allowSip: undefined,
    allowReg: undefined,
  });
  assert.deepEqual(lists, { denySip: [], allowSip: [], allowReg: [] });
});

Deno.test("evaluateAccess() asks for a name only when no earlier entry matched", () => {
  const asked: string[] = [];
  const lists = compileAccessLists({
    denySip: entries("10.0.0.10/32,late.example/32"),
    allowSip: undefined,
    allowReg: undefined,
  });
  const lookUp = (host: string) => {
    asked.push(host);
    return [];
  };
  assert.equal(evaluateAccess({ source: ip("10.0.0.10"), side: "lan" }, { lists, lookUp }), "none");
  assert.deepEqual(asked, []);
});

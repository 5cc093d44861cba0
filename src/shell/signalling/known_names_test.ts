import { deepStrictEqual } from "node:assert/strict";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { ip } from "../../../tests/support/address.ts";
import { advertisedOf, configuredNames, familiesOf, namedOutbound } from "./known_names.ts";

Deno.test("configuredNames() asks for every name of the configuration once", () => {
  const config = configOf([
    "host_outbound = me.example.org",
    "hosts_allow_reg = phones.example.org/32,10.0.0.0/8",
    "hosts_allow_sip = phones.example.org/32",
    "mask_host = inside.example.org",
    "masked_host = outside.example.org",
  ]);
  deepStrictEqual(configuredNames(config).map(({ host }) => host).toSorted(), [
    "inside.example.org",
    "me.example.org",
    "phones.example.org",
  ]);
});

Deno.test("configuredNames() asks for nothing when nothing is named", () => {
  deepStrictEqual(configuredNames(configOf([])), []);
});

for (
  const [word, families] of [["off", [4]], ["fallback", [4, 6]], ["prefer", [6, 4]]] as const
) {
  Deno.test(`familiesOf() of ipv6 = ${word} asks for IPv${families.join(" and IPv")}`, () => {
    deepStrictEqual(familiesOf(configOf([`ipv6 = ${word}`])), families);
  });
}

/** Where host_outbound may point to, in the order of a name server. */
const TARGETS = [
  { peer: { address: ip("2001:db8::9"), port: 5060 }, transport: undefined },
  { peer: { address: ip("198.51.100.9"), port: 5060 }, transport: undefined },
] as const;

for (
  const [wan, shown] of [
    ["192.0.2.1", "198.51.100.9"],
    ["2001:db8::1", "2001:db8::9"],
    [undefined, "2001:db8::9"],
  ] as const
) {
  Deno.test(`advertisedOf() with ${wan} outside shows ${shown}`, () => {
    const own = {
      lan: undefined,
      wan: wan === undefined ? undefined : ip(wan),
      advertised: undefined,
      lanNetworks: [],
      gateway: undefined,
    };
    deepStrictEqual(advertisedOf(TARGETS, own), ip(shown));
  });
}

Deno.test("namedOutbound() is host_outbound when that is a name", () => {
  const values = ["me.example.org", "198.51.100.7", "2001:db8::7"];
  deepStrictEqual(values.map((value) => namedOutbound(configOf([`host_outbound = ${value}`]))), [
    "me.example.org",
    undefined,
    undefined,
  ]);
  deepStrictEqual(namedOutbound(configOf([])), undefined);
});

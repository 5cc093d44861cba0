import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "./ip_address.ts";
import {
  isAmongOwn,
  shownAddress,
  type ShownAddresses,
  shownInFamily,
  sideAddress,
  sideAddresses,
} from "./side_addresses.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`Cannot parse address "${text}": fix the test`);
  return address;
}

const LAN = ip("10.0.0.1");
const LAN6 = ip("fd00::1");
const WAN = ip("192.168.1.2");
const WAN6 = ip("2001:db8::1");
const PUBLIC = ip("203.0.113.1");

/** Both families on both sides, behind another NAT router. */
const BOTH: ShownAddresses = { lan: LAN, wan: WAN, lan6: LAN6, wan6: WAN6, advertised: PUBLIC };
/** IPv4 inside, IPv6 alone outside. */
const BRIDGE: ShownAddresses = { lan: LAN, wan: WAN6, advertised: WAN6 };

Deno.test("sideAddresses() lists what a side has, the first one first", () => {
  deepStrictEqual(sideAddresses(BOTH, "lan"), [LAN, LAN6]);
  deepStrictEqual(sideAddresses(BRIDGE, "wan"), [WAN6]);
  deepStrictEqual(sideAddresses({ lan: undefined, wan: WAN }, "lan"), []);
});

for (
  const [own, side, family, expected] of [
    [BOTH, "lan", 4, LAN],
    [BOTH, "lan", 6, LAN6],
    [BOTH, "wan", 4, WAN],
    [BOTH, "wan", 6, WAN6],
    [BRIDGE, "wan", 6, WAN6],
    [BRIDGE, "wan", 4, undefined],
    [BRIDGE, "lan", 6, undefined],
    [{ lan: undefined, wan: undefined }, "lan", 4, undefined],
  ] as const
) {
  Deno.test(`sideAddress() of ${side} for IPv${family} is ${expected}`, () => {
    strictEqual(sideAddress(own, { side, family }), expected);
  });
}

for (
  const [title, own, side, peer, expected] of [
    ["a phone by IPv4", BOTH, "lan", "10.0.0.7", LAN],
    ["a phone by IPv6", BOTH, "lan", "fd00::7", LAN6],
    ["a provider by IPv4 behind the other NAT", BOTH, "wan", "198.51.100.1", PUBLIC],
    ["a provider by IPv6, where there is no NAT", BOTH, "wan", "2001:db8::99", WAN6],
    ["a provider that has IPv6 alone", BRIDGE, "wan", "2001:db8::99", WAN6],
    ["nobody by IPv4 where we have none", BRIDGE, "wan", "198.51.100.1", undefined],
  ] as const
) {
  Deno.test(`shownAddress() serves ${title}`, () => {
    strictEqual(shownAddress(own, { side, peer: ip(peer) }), expected);
  });
}

Deno.test("shownInFamily() tells the phones no public address", () => {
  strictEqual(shownInFamily(BOTH, { side: "lan", family: 4 }), LAN);
  strictEqual(shownInFamily(BOTH, { side: "wan", family: 4 }), PUBLIC);
  strictEqual(shownInFamily(BOTH, { side: "wan", family: 6 }), WAN6);
});

Deno.test("isAmongOwn() knows every address of ours and no other", () => {
  const known = [LAN, LAN6, WAN, WAN6, PUBLIC].map((address) => isAmongOwn(BOTH, address));
  deepStrictEqual(known, [true, true, true, true, true]);
  strictEqual(isAmongOwn(BOTH, ip("2001:db8::2")), false);
  strictEqual(isAmongOwn(BRIDGE, LAN6), false);
});

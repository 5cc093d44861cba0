import { strictEqual } from "node:assert/strict";
import { parseIpAddress } from "./ip_address.ts";
import { sourceKey } from "./source_key.ts";

const PAIRS: readonly (readonly [string, string, "lan" | "wan", boolean])[] = [
  ["198.51.100.7", "198.51.100.7", "wan", true],
  ["198.51.100.7", "198.51.100.8", "wan", false],
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "wan", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", "wan", false],
  ["2001:db8::1", "2001:db8:0:0:1::", "wan", true],
  ["fd00:1::10", "fd00:1::11", "lan", false],
  ["2001:db8:1:2::1", "2001:db8:1:2::2", "lan", false],
  ["fd00:1::10", "fd00:1::10", "lan", true],
];

for (const [one, other, side, isSame] of PAIRS) {
  Deno.test(`sourceKey() takes ${one} and ${other} on ${side} for ${isSame ? "one" : "two"}`, () => {
    const [left, right] = [one, other].map((text) => {
      const address = parseIpAddress(text);
      return address === undefined ? text : sourceKey(address, side);
    });
    strictEqual(left === right, isSame);
  });
}

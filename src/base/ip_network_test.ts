import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "./ip_address.ts";
import {
  type AddressScope,
  addressScope,
  makeIpNetwork,
  networkContains,
  parseIpNetwork,
} from "./ip_network.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(`Cannot parse address "${text}": fix the test`);
  return parsed;
}

const SCOPES: readonly (readonly [string, AddressScope])[] = [
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["::", "unspecified"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["169.254.0.1", "link-local"],
  ["fe80::1", "link-local"],
  ["febf::1", "link-local"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.255", "multicast"],
  ["ff02::1", "multicast"],
  ["240.0.0.1", "broadcast"],
  ["255.255.255.255", "broadcast"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["100.64.0.1", "private"],
  ["100.127.255.255", "private"],
  ["fc00::1", "private"],
  ["fdff::1", "private"],
  ["11.0.0.1", "global"],
  ["172.15.0.1", "global"],
  ["172.32.0.1", "global"],
  ["192.167.0.1", "global"],
  ["100.63.0.1", "global"],
  ["100.128.0.1", "global"],
  ["203.0.113.1", "global"],
  ["2001:db8::1", "global"],
  ["fec0::1", "global"],
];

for (const [text, scope] of SCOPES) {
  Deno.test(`addressScope() of ${text} is ${scope}`, () => {
    strictEqual(addressScope(address(text)), scope);
  });
}

const BLOCKS: readonly (readonly [string, string, boolean])[] = [
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["10.1.2.3/24", "10.1.2.200", true],
  ["10.1.2.3/24", "10.1.3.3", false],
  ["10.1.2.3/31", "10.1.2.2", true],
  ["10.1.2.3/32", "10.1.2.2", false],
  ["10.1.2.3/32", "10.1.2.3", true],
  ["10.1.2.3/0", "203.0.113.9", true],
  ["10.1.2.3/0", "2001:db8::1", false],
  ["2001:db8::/33", "2001:db8:7fff::1", true],
  ["2001:db8::/33", "2001:db8:8000::1", false],
  ["2001:db8::1/128", "2001:db8::1", true],
  ["2001:db8::1/128", "2001:db8::2", false],
];

for (const [block, inside, expected] of BLOCKS) {
  Deno.test(`networkContains() of ${block} and ${inside} is ${expected}`, () => {
    const network = parseIpNetwork(block);
    if (network === undefined) throw new Error("Cannot parse block: fix the test");
    strictEqual(networkContains(network, address(inside)), expected);
  });
}

Deno.test("parseIpNetwork() refuses what is no block", () => {
  const texts = ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "/8"];
  const more = ["10.0.0/8", "2001:db8::/129", "10.0.0.0/0008", "10.0.0.0/ 8", "example.org/8"];
  deepStrictEqual([...texts, ...more].filter((text) => parseIpNetwork(text) !== undefined), []);
});

Deno.test("makeIpNetwork() takes whole prefixes only", () => {
  strictEqual(makeIpNetwork(address("10.0.0.0"), 8.5), undefined);
  strictEqual(makeIpNetwork(address("10.0.0.0"), Number.NaN), undefined);
  deepStrictEqual(makeIpNetwork(address("10.0.0.0"), 8), { groups: [2560, 0], prefixBits: 8 });
});

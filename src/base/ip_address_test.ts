import { strictEqual } from "node:assert/strict";
import { hostText, ipFamily, ipv4Number, parseIpAddress } from "./ip_address.ts";

const ACCEPTED: readonly (readonly [string, string])[] = [
  ["10.0.0.1", "10.0.0.1"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::1", "::1"],
  ["::", "::"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["fe80::1:2:3:4", "fe80::1:2:3:4"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["::ffff:0a00:0001", "10.0.0.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  // RFC 5118 §4.10.
  ["2001:db8:::192.0.2.1", "2001:db8::c000:201"],
];

const REFUSED: readonly string[] = [
  "",
  "1",
  "10.0.0",
  "10.0.0.0.1",
  "10.0.0.256",
  "10.0.0.01",
  "010.0.0.1",
  "0x0a.0.0.1",
  "10.0.0.1 ",
  " 10.0.0.1",
  "10..0.1",
  ".10.0.0.1",
  "10.0.0.1.",
  "1e1.0.0.1",
  "+1.0.0.1",
  "[10.0.0.1]",
  ":",
  ":::",
  ":::1",
  "2001:db8:::1",
  "2001:db8::::192.0.2.1",
  "2001:db8:::192.0.2.1:1",
  "1::2:::192.0.2.1",
  "1:2",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "::1::2",
  "12345::",
  "g::1",
  "fe80::1%eth0",
  "2001:db8::1]",
  "[2001:db8::1",
  "::ffff:10.0.0.256",
  "::10.0.0.1:1",
  "example.org",
  "1".repeat(60),
];

for (const [text, canonical] of ACCEPTED) {
  Deno.test(`parseIpAddress() reads ${text} as ${canonical}`, () => {
    strictEqual(parseIpAddress(text), canonical);
  });
}

for (const text of REFUSED) {
  Deno.test(`parseIpAddress() refuses ${JSON.stringify(text)}`, () => {
    strictEqual(parseIpAddress(text), undefined);
  });
}

Deno.test("parseIpAddress() gives the same text for every spelling of an address", () => {
  const spellings = ["2001:db8::1", "2001:DB8::1", "2001:db8:0::1", "[2001:db8:0:0::0:1]"];
  strictEqual(new Set(spellings.map(parseIpAddress)).size, 1);
});

Deno.test("ipv4Number() counts the four octets", () => {
  strictEqual(ipv4Number("0.0.0.1"), 1);
  strictEqual(ipv4Number("1.2.3.4"), 16_909_060);
  strictEqual(ipv4Number("255.255.255.255"), 4_294_967_295);
  strictEqual(ipv4Number("::1"), undefined);
});

Deno.test("ipFamily() and hostText() tell the families apart", () => {
  const four = parseIpAddress("192.0.2.1");
  const six = parseIpAddress("2001:db8::1");
  if (four === undefined || six === undefined) throw new Error("Cannot parse: fix the test");
  strictEqual(ipFamily(four), 4);
  strictEqual(ipFamily(six), 6);
  strictEqual(hostText(four), "192.0.2.1");
  strictEqual(hostText(six), "[2001:db8::1]");
});

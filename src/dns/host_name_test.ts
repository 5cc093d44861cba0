import assert from "node:assert/strict";
import { canonicalHost } from "./host_name.ts";

const NAMES: readonly (readonly [text: string, canonical: string | undefined])[] = [
  ["sip.Example.COM", "sip.example.com"],
  ["example.com.", "example.com"],
  ["localhost", "localhost"],
  ["_sip._udp.example.com", "_sip._udp.example.com"],
  ["a-b_c.d", "a-b_c.d"],
  ["", undefined],
  [".", undefined],
  ["..", undefined],
  [".example.com", undefined],
  ["a..b", undefined],
  ["a.b..", undefined],
  ["host name", undefined],
  ["host\r\nname", undefined],
  ["host;name", undefined],
  ["host%2ename", undefined],
  ["[::1]", undefined],
  ["b\u00fccher.example", undefined],
  ["x".repeat(63), "x".repeat(63)],
  ["x".repeat(64), undefined],
  [`${"x".repeat(60)}.`.repeat(4) + "123456789", `${"x".repeat(60)}.`.repeat(4) + "123456789"],
  [`${"x".repeat(60)}.`.repeat(4) + "1234567890", undefined],
];

for (const [text, canonical] of NAMES) {
  Deno.test(`canonicalHost() makes ${canonical?.length ?? "nothing"} of ${JSON.stringify(text).slice(0, 40)} (${text.length})`, () => {
    assert.equal(canonicalHost(text), canonical);
  });
}

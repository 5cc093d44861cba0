import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { digestHex, parseDigestAlgorithm, sameSecret } from "./digest_algorithm.ts";

Deno.test("parseDigestAlgorithm() knows what is offered, in any case", () => {
  const cases = [
    [undefined, "MD5"],
    ["MD5", "MD5"],
    ["md5", "MD5"],
    ["SHA-256", "SHA-256"],
    ["sha-256", "SHA-256"],
    ["MD5-sess", undefined],
    ["SHA-256-sess", undefined],
    ["SHA-512-256", undefined],
    ["", undefined],
  ] as const;
  for (const [text, expected] of cases) strictEqual(parseDigestAlgorithm(text), expected, text);
});

Deno.test("digestHex() hashes one octet a character (RFC 1321 A.5, FIPS 180-2 B.1)", () => {
  strictEqual(digestHex("MD5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
  strictEqual(
    digestHex("SHA-256", "abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  // The octet 0xFC alone, not its UTF-8 form of two.
  strictEqual(digestHex("MD5", "\xfc"), "cf0eece3a23b680f6266a21aabba4d32");
});

Deno.test("sameSecret() compares content and length (R21)", () => {
  const cases = [
    ["abc", "abc", true],
    ["abc", "abd", false],
    ["abc", "ab", false],
    ["ab", "abc", false],
    ["", "", true],
    ["a\xfc", "a\xfc", true],
    ["\xfc", "u", false],
  ] as const;
  deepStrictEqual(cases.map(([left, right]) => sameSecret(left, right)), cases.map((c) => c[2]));
});

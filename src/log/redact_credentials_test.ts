import { notStrictEqual, strictEqual } from "node:assert/strict";
import { decodeLatin1, encodeLatin1 } from "../base/text.ts";
import { redactCredentials } from "./redact_credentials.ts";

function redacted(text: string): string {
  return decodeLatin1(redactCredentials(encodeLatin1(text)));
}

const cases: readonly (readonly [string, string, string])[] = [
  [
    "a header",
    "A: 1\r\nAuthorization: Digest a\r\nB: 2\r\n",
    "A: 1\r\nAuthorization: xxxxxx x\r\nB: 2\r\n",
  ],
  ["any case and blanks", "pRoXy-AuThOrIzAtIoN \t: s\r\n", "pRoXy-AuThOrIzAtIoN \t: x\r\n"],
  [
    "a folded header",
    "Authorization: a\r\n b\r\n\tc\r\nVia: d\r\n e\r\n",
    "Authorization: x\r\n x\r\n\tx\r\nVia: d\r\n e\r\n",
  ],
  ["bare line feeds", "Authorization: a\nVia: b\n", "Authorization: x\nVia: b\n"],
  ["bare carriage returns", "Authorization: a\rVia: b\r", "Authorization: x\rVia: b\r"],
  ["a message that is cut", "Authorization: abc", "Authorization: xxx"],
  ["bytes above ASCII", "Authorization: \xe9\xff\r\n", "Authorization: xx\r\n"],
  [
    "SRTP keys",
    "\r\n\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc|2^20\r\na=x\r\n",
    "\r\n\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxxxxxxxxxxxxxx\r\na=x\r\n",
  ],
  ["the key line of SDP", "v=0\r\nk=clear:abc\r\n", "v=0\r\nk=xxxxxxxxx\r\n"],
  ["no challenge", "WWW-Authenticate: Digest nonce=a\r\n", "WWW-Authenticate: Digest nonce=a\r\n"],
  ["no header that only mentions it", "Allow-Authorization: a\r\n", "Allow-Authorization: a\r\n"],
  ["nothing in junk", "\0\x01\xff\r\r\n\n", "\0\x01\xff\r\r\n\n"],
];

for (const [name, text, expected] of cases) {
  Deno.test(`redactCredentials() blanks ${name}`, () => {
    strictEqual(redacted(text), expected);
    strictEqual(redacted(text).length, text.length);
  });
}

Deno.test("redactCredentials() copies even what it does not change", () => {
  const data = Uint8Array.of(1, 2, 3);
  const copy = redactCredentials(data);
  data[0] = 9;
  strictEqual(copy[0], 1);
  notStrictEqual(copy.buffer, data.buffer);
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { checkDigest, digestResponse } from "./check_digest.ts";
import type { DigestCredentials } from "./credentials.ts";
import { type DigestAlgorithm, digestHex } from "./digest_algorithm.ts";
import { type Passwords, userPasswords, type UserSecret } from "./passwords.ts";

const RFC2617: DigestCredentials = {
  username: "Mufasa",
  realm: "testrealm@host.com",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  uri: "/dir/index.html",
  response: "6629fae49393a05397450978507c4ef1",
  algorithm: undefined,
  protection: { qop: "auth", nonceCount: "00000001", cnonce: "0a4f113b" },
};

const RFC7616: DigestCredentials = {
  username: "Mufasa",
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  uri: "/dir/index.html",
  response: "8ca523f5e9506fed4657c9700eebdbec",
  algorithm: "MD5",
  protection: {
    qop: "auth",
    nonceCount: "00000001",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  },
};

/** RFC 8760 takes the SHA-256 of RFC 7616 over to SIP as it is. */
const RFC8760: DigestCredentials = {
  ...RFC7616,
  algorithm: "SHA-256",
  response: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
};

function users(secret: UserSecret): Passwords {
  return userPasswords(new Map([["Mufasa", secret]]));
}

function check(credentials: DigestCredentials, passwords: Passwords): string {
  return checkDigest(credentials, { method: "GET", passwords });
}

Deno.test("checkDigest() takes the examples of RFC 2617 §3.5 and RFC 7616 §3.9.1 (R21)", () => {
  strictEqual(check(RFC2617, users({ password: "Circle Of Life" })), "right");
  strictEqual(check(RFC7616, users({ password: "Circle of Life" })), "right");
  strictEqual(check(RFC8760, users({ password: "Circle of Life" })), "right");
});

Deno.test("checkDigest() takes hex digits of either case and one password for all", () => {
  const response = RFC2617.response.toUpperCase();
  const passwords = { kind: "one", password: "Circle Of Life" } as const;
  strictEqual(check({ ...RFC2617, response }, passwords), "right");
});

Deno.test("checkDigest() refuses everything that differs", () => {
  const right = users({ password: "Circle of Life" });
  const cases: readonly (readonly [DigestCredentials, Passwords])[] = [
    [RFC7616, users({ password: "circle of life" })],
    [{ ...RFC7616, username: "mufasa" }, right],
    [{ ...RFC7616, username: "Scar" }, right],
    [{ ...RFC7616, realm: "other" }, right],
    [{ ...RFC7616, nonce: "other" }, right],
    [{ ...RFC7616, uri: "/other" }, right],
    [{ ...RFC7616, algorithm: "SHA-256" }, right],
    [{ ...RFC7616, protection: undefined }, right],
    [{ ...RFC7616, response: "" }, right],
    [{ ...RFC7616, response: RFC7616.response.slice(1) }, right],
    [{ ...RFC7616, response: `${RFC7616.response}0` }, right],
    [RFC7616, { kind: "unavailable" }],
  ];
  deepStrictEqual(
    cases.map(([credentials, passwords]) => check(credentials, passwords)),
    cases.map(() => "wrong"),
  );
  strictEqual(checkDigest(RFC7616, { method: "POST", passwords: right }), "wrong");
});

Deno.test("checkDigest() takes stored hashes, each for its own algorithm (R21)", () => {
  const text = "Mufasa:http-auth@example.org:Circle of Life";
  const md5 = users({ ha1Md5: digestHex("MD5", text) });
  const sha256 = users({ ha1Sha256: digestHex("SHA-256", text) });
  const both = users({ ha1Md5: digestHex("MD5", text), ha1Sha256: digestHex("SHA-256", text) });
  deepStrictEqual(
    [md5, sha256, both].map((stored) => [check(RFC7616, stored), check(RFC8760, stored)]),
    [["right", "wrong"], ["wrong", "right"], ["right", "right"]],
  );
});

Deno.test("checkDigest() is not opened by the stand-in for unknown users (R20)", () => {
  for (const secret of [undefined, {}, { ha1Sha256: "00" }]) {
    const passwords = secret === undefined ? userPasswords(new Map()) : users(secret);
    const ha1 = digestHex("MD5", `Mufasa:${RFC7616.realm}:decoy`);
    const response = digestResponse(RFC7616, { algorithm: "MD5", ha1, method: "GET" });
    strictEqual(check({ ...RFC7616, response }, passwords), "wrong");
  }
});

Deno.test("checkDigest() says what was never offered", () => {
  const right = users({ password: "Circle of Life" });
  const protection = { qop: "auth-int", nonceCount: "00000001", cnonce: "c" };
  strictEqual(check({ ...RFC7616, protection }, right), "unsupported");
  strictEqual(check({ ...RFC7616, algorithm: "MD5-sess" }, right), "unsupported");
});

Deno.test("checkDigest() takes no other algorithm than the accepted ones, not even with the right password", () => {
  const passwords = users({ password: "Circle of Life" });
  const verdict = (accepted: readonly DigestAlgorithm[]) =>
    checkDigest(RFC7616, { method: "GET", passwords, accepted });
  deepStrictEqual(
    [verdict(["MD5"]), verdict(["SHA-256"]), verdict(["SHA-256", "MD5"])],
    ["right", "unsupported", "right"],
  );
});

Deno.test("digestResponse() computes the form without qop (RFC 2069 with the order of RFC 2617)", () => {
  const ha1 = digestHex("MD5", "alice:home:secret");
  const ha2 = digestHex("MD5", "REGISTER:sip:10.0.0.1");
  strictEqual(
    digestResponse(
      { nonce: "n", uri: "sip:10.0.0.1", protection: undefined },
      { algorithm: "MD5", ha1, method: "REGISTER" },
    ),
    digestHex("MD5", `${ha1}:n:${ha2}`),
  );
});

import { deepStrictEqual } from "node:assert/strict";
import { findCredentials, readCredentials } from "./credentials.ts";

const BASE = 'username="alice", realm="home", nonce="n", uri="sip:h", response="r"';
const OLD = {
  username: "alice",
  realm: "home",
  nonce: "n",
  uri: "sip:h",
  response: "r",
  algorithm: undefined,
  protection: undefined,
} as const;

Deno.test("readCredentials() reads the forms of RFC 2069, 2617 and 7616", () => {
  const protection = { qop: "auth", nonceCount: "00000001", cnonce: "c" };
  const cases = [
    [`Digest ${BASE}`, OLD],
    [`DIGEST\t${BASE}`, OLD],
    [`Digest ${BASE}, algorithm=MD5`, { ...OLD, algorithm: "MD5" }],
    [`Digest ${BASE}, algorithm="SHA-256"`, { ...OLD, algorithm: "SHA-256" }],
    [`Digest ${BASE}, qop=auth, nc=00000001, cnonce="c"`, { ...OLD, protection }],
    [`Digest ${BASE}, qop="auth", nc="00000001", cnonce="c"`, { ...OLD, protection }],
    [`Digest ${BASE}, cnonce="c", nc=00000001`, OLD],
  ] as const;
  for (const [value, credentials] of cases) {
    deepStrictEqual(readCredentials(value, "home"), { kind: "digest", credentials }, value);
  }
});

Deno.test("readCredentials() leaves other schemes and realms alone, whatever is in them", () => {
  const values = [
    "Basic YWxpY2U6c2VjcmV0",
    "",
    "Digested realm=home",
    BASE,
    `Digest ${BASE.replace("home", "Home")}`,
    'Digest realm="provider", nonce="open',
    'NoOneKnowsThisScheme opaque-data="here", realm="home"',
  ];
  for (const value of values) {
    deepStrictEqual(readCredentials(value, "home"), { kind: "foreign" }, value);
  }
});

Deno.test("readCredentials() names what truncated credentials lack", () => {
  const without = (name: string) => BASE.split(", ").filter((p) => !p.startsWith(name)).join(", ");
  const cases = [
    ["Digest", "Cannot use credentials: missing realm"],
    [`Digest ${without("realm")}`, "Cannot use credentials: missing realm"],
    [`Digest ${without("username")}`, "Cannot use credentials: missing username"],
    [`Digest ${without("nonce")}`, "Cannot use credentials: missing nonce"],
    [`Digest ${without("uri")}`, "Cannot use credentials: missing uri"],
    [`Digest ${without("response")}`, "Cannot use credentials: missing response"],
    ['Digest realm="home", username="", nonce="n"', "Cannot use credentials: missing username"],
    [`Digest ${BASE}, qop=auth`, "Cannot use credentials: missing nc"],
    [`Digest ${BASE}, qop=auth, nc=1`, "Cannot use credentials: missing cnonce"],
    [`Digest ${BASE}, qop=auth, nc=-1, cnonce=c`, "Cannot parse credentials: nc is no hex number"],
    [
      `Digest ${BASE}, qop=auth, nc=123456789, cnonce=c`,
      "Cannot parse credentials: nc is no hex number",
    ],
    [`Digest ${BASE.slice(0, -1)}`, "Cannot parse credentials: response ends in the middle"],
    [`Digest ${BASE}, nonce="m"`, "Cannot parse credentials: nonce stands twice"],
  ] as const;
  for (const [value, reason] of cases) {
    deepStrictEqual(readCredentials(value, "home"), { kind: "malformed", reason }, value);
  }
});

Deno.test("findCredentials() takes ours among those for others", () => {
  const ours = `Digest ${BASE}`;
  const theirs = `Digest ${BASE.replace("home", "provider")}`;
  const broken = 'Digest realm="home", nonce="open';
  deepStrictEqual(
    [[], [theirs], [theirs, ours], [broken, ours], [theirs, broken]].map((values) =>
      findCredentials(values, "home").kind
    ),
    ["foreign", "foreign", "digest", "digest", "malformed"],
  );
});

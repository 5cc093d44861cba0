import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { ALICE, phoneWorld, requestContext, requestText } from "../../tests/support/phone_world.ts";
import type { DigestCredentials } from "../auth/credentials.ts";
import { parseUri } from "../sip/uri.ts";
import { requestName } from "./challenge.ts";
import type { RequestContext } from "./context.ts";
import { isForThisUri, mayRegister, nonceUse } from "./credentials_match.ts";

const world = phoneWorld();

function contextFor(uri: string, callId = "call-1"): RequestContext {
  const text = requestText({ method: "REGISTER", uri, callId });
  return requestContext(world, { text, from: ALICE });
}

/** Request-URI, URI of the credentials, and whether they fit. */
const TARGETS: readonly (readonly [string, string, boolean])[] = [
  ["sip:192.0.2.10", "sip:192.0.2.10", true],
  ["sip:192.0.2.10:5070", "sip:192.0.2.10:5070", true],
  ["sip:192.0.2.10", "sip:192.0.2.10:5060", true],
  ["sip:192.0.2.10:5060", "sip:192.0.2.10", true],
  ["sip:Example.ORG", "sip:example.org", true],
  ["sip:192.0.2.10;transport=udp", "sip:192.0.2.10", true],
  ["sip:192.0.2.10", "sip:192.0.2.10;lr", true],
  ["sip:192.0.2.10", "sip:192.0.2.11", false],
  ["sip:192.0.2.10", "sip:alice@192.0.2.10", false],
  ["sip:alice@192.0.2.10", "sip:bob@192.0.2.10", false],
  ["sip:192.0.2.10", "", false],
  ["sip:192.0.2.10", "192.0.2.10", false],
  ["sip:192.0.2.10", "tel:+49", false],
  ["sip:192.0.2.10", "*", false],
];

for (const [requestUri, uri, wanted] of TARGETS) {
  Deno.test(`isForThisUri() of "${uri}" for ${requestUri} is ${wanted}`, () => {
    strictEqual(isForThisUri(uri, contextFor(requestUri)), wanted);
  });
}

Deno.test("isForThisUri() knows a Request-URI that a stage has changed, and the received one", () => {
  const context = contextFor("sip:siproxd@192.0.2.1");
  context.message = { ...context.message, requestUri: "sip:provider.example" };
  deepStrictEqual(
    ["sip:provider.example", "sip:siproxd@192.0.2.1", "sip:other.example"].map((uri) =>
      isForThisUri(uri, context)
    ),
    [true, true, false],
  );
});

/** Username, To URI, and whether the account may bind it. */
const ACCOUNTS: readonly (readonly [string, string, boolean])[] = [
  ["alice", "sip:alice@example.org", true],
  ["alice", "sip:alice@example.org:5070;x=y", true],
  ["alice@example.org", "sip:alice@example.org", true],
  ["alice@EXAMPLE.org", "sip:alice@example.org", true],
  ["alice@example.com", "sip:alice@example.org", false],
  ["Alice", "sip:alice@example.org", false],
  ["bob", "sip:alice@example.org", false],
  ["bob@example.org", "sip:alice@example.org", false],
  ["@example.org", "sip:alice@example.org", false],
  ["", "sip:alice@example.org", false],
  ["", "sip:example.org", true],
  ["a b", "sip:a%20b@example.org", true],
  ["a%20b", "sip:a%20b@example.org", false],
  ["alice@home", "sip:alice%40home@example.org", true],
  ["alice@home@example.org", "sip:alice%40home@example.org", true],
  ["+49", "tel:+49", true],
  ["+49", "tel:+50", false],
  ["+49@example.org", "tel:+49", false],
];

for (const [username, text, wanted] of ACCOUNTS) {
  Deno.test(`mayRegister() of "${username}" for ${text} is ${wanted}`, () => {
    const uri = parseUri(text);
    if (!uri.ok) throw new Error(uri.error);
    strictEqual(mayRegister(username, uri.value), wanted);
  });
}

const CREDENTIALS: DigestCredentials = {
  username: "alice",
  realm: "home",
  nonce: "n",
  uri: "sip:192.0.2.10",
  response: "r",
  algorithm: undefined,
  protection: undefined,
};

const COUNTS: readonly (readonly [string, number])[] = [
  ["00000001", 1],
  ["1", 1],
  ["0000000a", 10],
  ["0000000A", 10],
  ["ffffffff", 4_294_967_295],
  ["00000000", 0],
];

for (const [nonceCount, count] of COUNTS) {
  Deno.test(`nonceUse() reads nc=${nonceCount} as ${count}`, () => {
    const context = contextFor("sip:192.0.2.10");
    const protection = { qop: "auth", nonceCount, cnonce: "c" };
    deepStrictEqual(nonceUse(context, { ...CREDENTIALS, protection }), {
      count,
      request: requestName(context),
    });
  });
}

Deno.test("nonceUse() without qop is one use for a whole Call-ID", () => {
  const first = nonceUse(contextFor("sip:192.0.2.10", "call-1"), CREDENTIALS);
  const again = nonceUse(contextFor("sip:192.0.2.11", "call-1"), CREDENTIALS);
  const other = nonceUse(contextFor("sip:192.0.2.10", "call-2"), CREDENTIALS);
  strictEqual(first.count, 0);
  deepStrictEqual(again, first);
  notStrictEqual(other.request, first.request);
});

import assert from "node:assert/strict";
import { ALICE, bindingOf, tableWith } from "../../tests/support/registrations.ts";
import { countingHex } from "../../tests/support/seeded_random.ts";
import { choosePublicUri, type PublicUriRequest } from "./public_uri.ts";

function choose(overrides: Partial<PublicUriRequest>): readonly [string, string | undefined] {
  const { uri, token } = choosePublicUri({
    user: "alice",
    place: { host: "192.0.2.1", port: 5060, transport: "udp" },
    bindingId: "new",
    token: undefined,
    table: tableWith(),
    taken: [],
    randomHex: countingHex(),
    ...overrides,
  });
  return [uri.text, token];
}

const PLACES: readonly (readonly [Partial<PublicUriRequest>, string])[] = [
  [{}, "sip:alice@192.0.2.1"],
  [{ place: { host: "192.0.2.1", port: 5099, transport: "udp" } }, "sip:alice@192.0.2.1:5099"],
  [
    { place: { host: "192.0.2.1", port: 5060, transport: "tcp" } },
    "sip:alice@192.0.2.1;transport=tcp",
  ],
  [{ place: { host: "[2001:db8::1]", port: 5060, transport: "udp" } }, "sip:alice@[2001:db8::1]"],
  [{ user: undefined }, "sip:192.0.2.1"],
  [{ user: "%61b;c=1" }, "sip:%61b;c=1@192.0.2.1"],
];

for (const [overrides, text] of PLACES) {
  Deno.test(`choosePublicUri() writes ${text}`, () => {
    assert.deepEqual(choose(overrides), [text, undefined]);
  });
}

Deno.test("choosePublicUri() gives a token when another phone has the plain URI", () => {
  assert.deepEqual(choose({ table: tableWith(ALICE) }), [
    "sip:alice@192.0.2.1;spx=00000001",
    "00000001",
  ]);
});

Deno.test("choosePublicUri() gives a token when a waiting phone or a Contact beside it has the plain URI", () => {
  const table = tableWith();
  table.reserve([ALICE], 0);
  assert.equal(choose({ table })[1], "00000001");
  const taken = [{ publicKey: "alice@192.0.2.1", token: undefined }];
  assert.equal(choose({ taken })[1], "00000001");
});

Deno.test("choosePublicUri() lets a phone keep what it has, plain or with its token", () => {
  assert.deepEqual(choose({ table: tableWith(ALICE), bindingId: "a1" }), [
    "sip:alice@192.0.2.1",
    undefined,
  ]);
  const second = bindingOf("a2", { publicUri: "sip:alice@192.0.2.1;spx=aa", token: "aa" });
  const table = tableWith(ALICE, second);
  assert.deepEqual(choose({ table, bindingId: "a2", token: "aa" }), [second.publicUri, "aa"]);
});

Deno.test("choosePublicUri() moves a kept token to our new address", () => {
  const second = bindingOf("a2", { publicUri: "sip:alice@192.0.2.1;spx=aa", token: "aa" });
  const place = { host: "203.0.113.5", port: 5060, transport: "udp" } as const;
  assert.deepEqual(
    choose({ table: tableWith(ALICE, second), bindingId: "a2", token: "aa", place }),
    [
      "sip:alice@203.0.113.5;spx=aa",
      "aa",
    ],
  );
});

Deno.test("choosePublicUri() draws again when the token is somebody's", () => {
  const second = bindingOf("a2", {
    publicUri: "sip:alice@192.0.2.1;spx=00000001",
    token: "00000001",
  });
  assert.equal(choose({ table: tableWith(ALICE, second) })[1], "00000002");
});

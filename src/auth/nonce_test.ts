import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { judgeNonce, makeNonce, NONCE_LIFETIME_MS, type NonceWorld } from "./nonce.ts";

function keyed(key: string): (text: string) => string {
  return (text) => createHash("sha256").update(key + text).digest("hex").slice(0, 32);
}

const WORLD: NonceWorld = {
  nowMs: 1_000_000,
  keyedHash: keyed("key"),
  source: "10.0.0.10",
  realm: "home",
};

Deno.test("makeNonce() gives 32 hex digits that begin with the time", () => {
  const nonce = makeNonce(WORLD, "0123abcd");
  match(nonce, /^[0-9a-f]{32}$/);
  strictEqual(nonce.slice(0, 16), "000003e80123abcd");
  notStrictEqual(nonce, makeNonce(WORLD, "0123abce"));
});

Deno.test("judgeNonce() ends a nonce after its life (R21)", () => {
  const nonce = makeNonce(WORLD, "0123abcd");
  const at = (nowMs: number) => judgeNonce(nonce, { ...WORLD, nowMs });
  strictEqual(at(WORLD.nowMs), "fresh");
  strictEqual(at(WORLD.nowMs + NONCE_LIFETIME_MS), "fresh");
  strictEqual(at(WORLD.nowMs + NONCE_LIFETIME_MS + 1), "expired");
});

Deno.test("judgeNonce() knows nonces of others, of another source and of another time (R21)", () => {
  const nonce = makeNonce(WORLD, "0123abcd");
  const later = `000003e9${nonce.slice(8)}`;
  const cases: readonly (readonly [string, Partial<NonceWorld>])[] = [
    [nonce, { source: "10.0.0.11" }],
    [nonce, { realm: "Home" }],
    [nonce, { keyedHash: keyed("key of another run") }],
    [later, {}],
    [`${nonce.slice(0, 31)}${nonce.endsWith("0") ? "1" : "0"}`, {}],
    [nonce.slice(0, 31), {}],
    [`${nonce}0`, {}],
    ["", {}],
    ["dcd98b7102dd2f0e8b11d0f600bfb0c0", {}],
  ];
  for (const [text, change] of cases) {
    strictEqual(judgeNonce(text, { ...WORLD, ...change }), "foreign", text);
  }
});

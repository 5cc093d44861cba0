import { notStrictEqual, strictEqual } from "node:assert/strict";
import { createKeyedHash } from "./keyed_hash.ts";

Deno.test("createKeyedHash() gives the first half of SHA-256 over key and text", () => {
  // printf 'keytext' | sha256sum
  strictEqual(createKeyedHash("key")("text"), "8ff73e3c08be0531d9a04899ff3a8499");
});

Deno.test("createKeyedHash() gives another hash for another key", () => {
  notStrictEqual(createKeyedHash("a")("text"), createKeyedHash("b")("text"));
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createRandomHex } from "./random_hex.ts";

Deno.test("createRandomHex() takes each byte of its pool once and refills it", () => {
  let fills = 0;
  const randomHex = createRandomHex((bytes) => {
    fills++;
    for (let index = 0; index < bytes.length; index++) bytes[index] = index & 255;
  });
  deepStrictEqual([randomHex(4), randomHex(3), randomHex(1)], ["0001", "020", "0"]);
  for (let index = 0; index < 256; index++) randomHex(32);
  strictEqual(fills, 2);
});

Deno.test("createRandomHex() gives as many lower-case hex digits as asked for", () => {
  const randomHex = createRandomHex();
  for (const digits of [1, 8, 32, 33]) {
    const text = randomHex(digits);
    deepStrictEqual([text.length, /^[0-9a-f]+$/.test(text)], [digits, true]);
  }
});

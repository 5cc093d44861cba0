import { deepStrictEqual } from "node:assert/strict";
import { DEBUG_CLASS_BITS } from "./debug_class.ts";

Deno.test("DEBUG_CLASS_BITS are siproxd's fourteen bits in order", () => {
  const bits = Object.values(DEBUG_CLASS_BITS);
  deepStrictEqual(bits, Array.from({ length: 14 }, (_, index) => 2 ** index));
});

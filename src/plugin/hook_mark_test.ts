import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { hookMark } from "./hook_mark.ts";

Deno.test("hookMark() is the same for the same name, and never nobody's", () => {
  for (const name of ["", "a", "stun", "x".repeat(500)]) {
    strictEqual(hookMark(name), hookMark(name));
    notStrictEqual(hookMark(name), 0);
    // It survives a cell of 32 bits.
    deepStrictEqual([...new Int32Array([hookMark(name)])], [hookMark(name)]);
  }
});

Deno.test("hookMark() tells names apart", () => {
  const names = ["regex", "regex_body", "stun", "stats", "guard", "probe", "a", "b", ""];
  strictEqual(new Set(names.map(hookMark)).size, names.length);
});

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { freezeDeep } from "./freeze_deep.ts";

Deno.test("freezeDeep() freezes every level and returns the same value", () => {
  const tree = { list: [{ port: 1 }], none: undefined, zero: null };
  const frozen = freezeDeep(tree);
  strictEqual(frozen, tree);
  throws(() => frozen.list.push({ port: 2 }), TypeError);
  const [first = { port: 0 }] = frozen.list;
  throws(() => first.port = 3, TypeError);
  deepStrictEqual(frozen, { list: [{ port: 1 }], none: undefined, zero: null });
});

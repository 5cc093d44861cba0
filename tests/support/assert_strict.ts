/**
 * Assertions that compare strictly, under their short names.
 *
 * The import map puts this in the place of `node:assert/strict`: Deno 2.7 exports the loose
 * functions there under `equal` and `deepEqual`, so that `equal(1, "1")` would pass.
 *
 * @module
 */
export {
  AssertionError,
  deepStrictEqual,
  deepStrictEqual as deepEqual,
  doesNotMatch,
  doesNotReject,
  doesNotThrow,
  fail,
  ifError,
  match,
  notDeepStrictEqual,
  notDeepStrictEqual as notDeepEqual,
  notStrictEqual,
  notStrictEqual as notEqual,
  ok,
  rejects,
  strict as default,
  strictEqual,
  strictEqual as equal,
  throws,
} from "node:assert";

import { deepEqual, equal, notDeepEqual, notEqual, throws } from "node:assert/strict";

Deno.test("node:assert/strict compares without conversion under every name", () => {
  throws(() => equal(1, "1"));
  throws(() => deepEqual([1], ["1"]));
  throws(() => deepEqual({ a: undefined }, {}));
  notEqual(1, "1");
  notDeepEqual([1], ["1"]);
});

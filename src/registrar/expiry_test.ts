import assert from "node:assert/strict";
import { chooseExpires } from "./expiry.ts";

Deno.test("chooseExpires() takes the first wish there is, 0 included, a week at most", () => {
  assert.equal(chooseExpires(60, 300, 600), 60);
  assert.equal(chooseExpires(undefined, 300, 600), 300);
  assert.equal(chooseExpires(undefined, undefined, 600), 600);
  assert.equal(chooseExpires(0, 300, 600), 0);
  assert.equal(chooseExpires(4_294_967_295, 300), 604_800);
  assert.equal(chooseExpires(), 0);
});

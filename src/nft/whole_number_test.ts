import { strictEqual, throws } from "node:assert/strict";
import { wholeNumber } from "./whole_number.ts";

for (const value of [0, 1, 65_535]) {
  Deno.test(`wholeNumber() passes ${value}`, () => {
    strictEqual(wholeNumber(value, 65_535), value);
  });
}

for (const value of [-1, 65_536, 0.5, NaN, Infinity]) {
  Deno.test(`wholeNumber() never lets ${value} into a line`, () => {
    throws(() => wholeNumber(value, 65_535), RangeError);
  });
}

import { strictEqual } from "node:assert/strict";
import { asctimeText } from "./asctime.ts";

const cases: readonly (readonly [number, string])[] = [
  [0, "Thu Jan  1 00:00:00 1970"],
  [1_795_514_700_000, "Tue Nov 24 10:05:00 2026"],
  [951_782_400_000, "Tue Feb 29 00:00:00 2000"],
  [-1, "Wed Dec 31 23:59:59 1969"],
];

for (const [ms, text] of cases) {
  Deno.test(`asctimeText() writes ${text}`, () => strictEqual(asctimeText(ms), text));
}

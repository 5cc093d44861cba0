import { strictEqual } from "node:assert/strict";
import { silenceThreshold } from "./log_level.ts";

const thresholds: readonly (readonly [number, string])[] = [
  [0, "DEBUG"],
  [1, "INFO"],
  [2, "WARN"],
  [3, "ERROR"],
  [4, "CRITICAL"],
  [5, "CRITICAL"],
];

for (const [silenceLog, levelName] of thresholds) {
  Deno.test(`silenceThreshold() of ${silenceLog} is ${levelName}`, () => {
    strictEqual(silenceThreshold(silenceLog), levelName);
  });
}

import { strictEqual } from "node:assert/strict";
import { wantsLog } from "./log_gate.ts";

const cases: readonly (readonly [number, Parameters<typeof wantsLog>[1], boolean])[] = [
  [0, { level: "error" }, true],
  [0, { level: "warning" }, true],
  [0, { level: "info" }, true],
  [0, { level: "debug" }, false],
  [0x10, { level: "debug" }, true],
  [0x4, { level: "debug", debugClass: "SIP" }, true],
  [0x8, { level: "debug", debugClass: "SIP" }, false],
  [0xffffffff, { level: "debug", debugClass: "RTPBABL" }, true],
  [0xffffffff, { level: "debug" }, true],
];

for (const [mask, about, expected] of cases) {
  Deno.test(`wantsLog() is ${expected} for ${about.level} ${about.debugClass ?? ""} at ${mask}`, () => {
    strictEqual(wantsLog(mask, about), expected);
  });
}

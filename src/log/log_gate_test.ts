import { strictEqual } from "node:assert/strict";
import { createLogGate, type LogOccasion, wantsLog } from "./log_gate.ts";

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

const componentCases: readonly (readonly [LogOccasion, boolean])[] = [
  [{ level: "debug", component: "registrar", debugClass: "REG" }, true],
  [{ level: "debug", component: "registrar", debugClass: "BABBLE" }, true],
  [{ level: "info", component: "rtp" }, false],
  [{ level: "warning", component: "rtp" }, true],
  [{ level: "debug", component: "rtp", debugClass: "SIP" }, false],
  [{ level: "debug", component: "sip", debugClass: "SIP" }, true],
  [{ level: "debug", component: "sip", debugClass: "NET" }, false],
  [{ level: "info", component: "dns" }, true],
  [{ level: "error", component: "dns" }, true],
];

for (const [about, wanted] of componentCases) {
  const { level, component, debugClass = "no class" } = about;
  Deno.test(`createLogGate() ${wanted ? "takes" : "leaves"} ${level} of ${component}, ${debugClass}`, () => {
    const gate = createLogGate({
      debugLevel: 0x4,
      componentLevels: [
        { component: "rtp", level: "debug" },
        { component: "registrar", level: "debug" },
        { component: "rtp", level: "warning" },
        { component: "dns", level: "info" },
      ],
    });
    strictEqual(gate(about), wanted);
  });
}

Deno.test("createLogGate() without levels goes by the debug classes", () => {
  const gate = createLogGate({ debugLevel: 0x8, componentLevels: [] });
  strictEqual(gate({ level: "debug", component: "registrar", debugClass: "REG" }), true);
  strictEqual(gate({ level: "debug", component: "registrar", debugClass: "SIP" }), false);
});

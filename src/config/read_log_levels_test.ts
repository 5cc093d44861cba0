import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readLogLevels } from "./read_log_levels.ts";

Deno.test("readLogLevels() reads components with their levels", () => {
  deepStrictEqual(readLogLevels("registrar:debug, plugin_logcall : WARNING"), {
    value: [
      { component: "registrar", level: "debug" },
      { component: "plugin_logcall", level: "warning" },
    ],
    remarks: [],
  });
});

const wrong: readonly (readonly [string, string, number])[] = [
  ["registrar", 'Cannot use log level "registrar": component:level is expected', 0],
  ["rtp:info,:debug", 'Cannot use log level ":debug": component:level is expected', 9],
  ["a:b:c", 'Cannot use log level "a:b:c": component:level is expected', 0],
  ["rtp:debgu", 'Cannot use log level "debgu": nearest is "debug"', 0],
  ["rtp:loud", 'Cannot use log level "loud": known are error, warning, info, debug', 0],
  ["", 'Cannot use log level "": component:level is expected', 0],
  ["a/b:info", 'Cannot use log level "a/b:info": component:level is expected', 0],
];

for (const [text, message, offset] of wrong) {
  Deno.test(`readLogLevels() refuses "${text}"`, () => {
    deepStrictEqual(readLogLevels(text), {
      value: undefined,
      remarks: [{ severity: "error", message, offset }],
    });
  });
}

Deno.test("readLogLevels() takes 64 components and no more", () => {
  strictEqual(readLogLevels(Array(64).fill("a:info").join(",")).value?.length, 64);
  strictEqual(readLogLevels(Array(65).fill("a:info").join(",")).value, undefined);
});

import { deepStrictEqual } from "node:assert/strict";
import { parseStartWord } from "./start_channel.ts";

const cases: readonly (readonly [string, ReturnType<typeof parseStartWord>])[] = [
  ["ready", { kind: "ready" }],
  ["say ERROR: no", { kind: "say", line: "ERROR: no" }],
  ["say ", { kind: "say", line: "" }],
  ["ready now", undefined],
  ["", undefined],
];

for (const [line, expected] of cases) {
  Deno.test(`parseStartWord() understands "${line}"`, () => {
    deepStrictEqual(parseStartWord(line), expected);
  });
}

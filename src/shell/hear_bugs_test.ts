import { deepStrictEqual, match } from "node:assert/strict";
import { hearBugs } from "./hear_bugs.ts";

const bugs: readonly (readonly [string, () => Event, RegExp])[] = [
  [
    "an error",
    () => new ErrorEvent("error", { error: new Error("boom"), cancelable: true }),
    /^Error: boom\n/,
  ],
  [
    "a thrown text",
    () => new ErrorEvent("error", { error: "boom", cancelable: true }),
    /^boom$/,
  ],
  [
    "a rejection",
    () =>
      new PromiseRejectionEvent("unhandledrejection", {
        promise: Promise.resolve(),
        reason: new Error("boom"),
        cancelable: true,
      }),
    /^Error: boom\n/,
  ],
];

for (const [name, makeEvent, expected] of bugs) {
  Deno.test(`hearBugs() hears of ${name} and decides whether the isolate lives`, () => {
    const source = new EventTarget();
    const stacks: string[] = [];
    const verdicts: ("keep" | "die")[] = ["keep", "die"];
    const stop = hearBugs(source, (stack) => {
      stacks.push(stack);
      return verdicts.shift() ?? "die";
    });
    const passed = [source.dispatchEvent(makeEvent()), source.dispatchEvent(makeEvent())];
    stop();
    source.dispatchEvent(makeEvent());
    deepStrictEqual([passed, stacks.length], [[false, true], 2]);
    match(stacks[0] ?? "", expected);
  });
}

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LevelName } from "@std/log";
import { formatText } from "./format_event.ts";
import { LineHandler } from "./line_handler.ts";
import type { LogEvent } from "./log_event.ts";
import { createLogFront } from "./log_front.ts";
import { silenceThreshold } from "./log_level.ts";

/** A front with a clock that stands where the test puts it. */
function setUp(levelName: LevelName, componentLevels: Record<string, LevelName> = {}) {
  const lines: string[] = [];
  const time = { nowMs: 0 };
  const front = createLogFront({
    clock: { nowMs: () => time.nowMs, zoneOffsetMs: () => 0 },
    handlers: [
      new LineHandler({ levelName, format: formatText, write: (line) => lines.push(line) }),
    ],
    componentLevels,
  });
  return { front, lines, time };
}

const events: readonly LogEvent[] = [
  { level: "error", component: "a", event: "one" },
  { level: "warning", component: "a", event: "two" },
  { level: "info", component: "b", event: "three" },
  { level: "debug", component: "b", event: "four" },
];

Deno.test("createLogFront() writes each event with its moment", () => {
  const { front, lines, time } = setUp("DEBUG");
  for (const event of events) {
    front.write(event);
    time.nowMs += 1001;
  }
  deepStrictEqual(lines, [
    "00:00:00.000 ERROR:a one",
    "00:00:01.001 WARNING:a two",
    "00:00:02.002 INFO:b three",
    "00:00:03.003 b four",
  ]);
});

const silences: readonly (readonly [number, number])[] = [[0, 4], [1, 3], [2, 2], [3, 1], [4, 0]];

for (const [silenceLog, expected] of silences) {
  Deno.test(`createLogFront() lets ${expected} of four levels through silence_log ${silenceLog}`, () => {
    const { front, lines } = setUp(silenceThreshold(silenceLog));
    for (const event of events) front.write(event);
    strictEqual(lines.length, expected);
  });
}

Deno.test("createLogFront() quiets a single component", () => {
  const { front, lines } = setUp("DEBUG", { b: "ERROR" });
  for (const event of events) front.write(event);
  deepStrictEqual(lines, ["00:00:00.000 ERROR:a one", "00:00:00.000 WARNING:a two"]);
});

Deno.test("createLogFront() samples floods and flushes their summary", () => {
  const { front, lines, time } = setUp("DEBUG");
  for (let index = 0; index < 30; index++) {
    front.write({ level: "warning", component: "sip", event: "sip.drop" });
  }
  strictEqual(lines.length, 20);
  time.nowMs = 10_000;
  front.flush();
  deepStrictEqual(lines.slice(20), [
    "00:00:10.000 WARNING:sip sip.drop: suppressed 10 similar",
  ]);
});

Deno.test("createLogFront() goes on with more components than it keeps", () => {
  const { front, lines } = setUp("DEBUG");
  for (let index = 0; index < 600; index++) {
    front.write({ level: "info", component: `plugin_${index}`, event: "x" });
  }
  strictEqual(lines.length, 600);
});

Deno.test("createLogFront() tells a state that lasts once", () => {
  const { front, lines } = setUp("DEBUG");
  for (const once of ["10.0.0.1", "10.0.0.2", "10.0.0.1"]) {
    front.write({ level: "warning", component: "sip", event: "reg.stun", fields: { once }, once });
  }
  deepStrictEqual(lines, [
    "00:00:00.000 WARNING:sip reg.stun once=10.0.0.1",
    "00:00:00.000 WARNING:sip reg.stun once=10.0.0.2",
  ]);
});

Deno.test("createLogFront().redirect() changes sinks and levels, and keeps what was told", () => {
  const { front, lines } = setUp("DEBUG");
  const others: string[] = [];
  const write = (line: string) => others.push(line);
  front.write({ level: "info", component: "b", event: "three", once: "x" });
  front.redirect({
    handlers: [new LineHandler({ levelName: "INFO", format: formatText, write })],
    componentLevels: { a: "ERROR" },
  });
  front.write({ level: "info", component: "b", event: "three", once: "x" });
  for (const event of events) front.write(event);
  deepStrictEqual([lines, others], [
    ["00:00:00.000 INFO:b three"],
    ["00:00:00.000 ERROR:a one", "00:00:00.000 INFO:b three"],
  ]);
});

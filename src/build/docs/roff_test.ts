import { deepEqual, equal } from "node:assert/strict";
import { roffArgument, roffDate, roffLines, roffText } from "./roff.ts";

for (
  const [text, source] of [
    ["plain - text", "plain - text"],
    ["a\\b", "a\\eb"],
    ['say "x"', "say \\(dqx\\(dq"],
    ["7070–7089", "7070\\(en7089"],
    ["1…2", "1\\&...2"],
    ["the phones’ side", "the phones\\(cq side"],
  ] as const
) {
  Deno.test(`roffText() writes ${text}`, () => equal(roffText(text), source));
}

Deno.test("roffLines() begins a line with each sentence", () => {
  deepEqual(roffLines("One. Two, e.g. three? 0 is off."), [
    "One.",
    "Two, e.g. three?",
    "0 is off.",
  ]);
});

Deno.test("roffLines() breaks a long sentence between words", () => {
  const lines = roffLines(`${"word ".repeat(30)}end.`);
  deepEqual(lines.map((line) => line.length), [74, 74, 4]);
  equal(lines.join(" "), `${"word ".repeat(30)}end.`);
});

Deno.test("roffLines() leaves a word alone that is longer than a line", () => {
  deepEqual(roffLines("x".repeat(100)), ["x".repeat(100)]);
});

Deno.test("roffLines() lets no text be taken for a macro", () => {
  deepEqual(roffLines(".js files"), ["\\&.js files"]);
  deepEqual(roffLines("'quoted' text"), ["\\&'quoted' text"]);
});

Deno.test("roffArgument() keeps blanks together", () => {
  equal(roffArgument("check [file]"), '"check [file]"');
});

Deno.test("roffDate() writes the day in words", () => {
  equal(roffDate("2026-11-04"), "November 4, 2026");
});

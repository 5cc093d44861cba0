import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import { AnswerBudget } from "./answer_budget.ts";

const EVE = address("192.0.2.66");
const MALLORY = address("192.0.2.67");

function charge(budget: AnswerBudget, times: number, at = { source: EVE, nowMs: 5_000 }): void {
  for (let count = 0; count < times; count++) budget.charge(at.source, at.nowMs);
}

const PER_SOURCE: readonly (readonly [number, boolean])[] = [
  [0, true],
  [1, true],
  [19, true],
  [20, false],
  [21, false],
];

for (const [answers, isAllowed] of PER_SOURCE) {
  Deno.test(`AnswerBudget.allows() one more after ${answers} answers in a second: ${isAllowed} (R17)`, () => {
    const budget = new AnswerBudget();
    charge(budget, answers);
    strictEqual(budget.allows(EVE, 5_000), isAllowed);
  });
}

Deno.test("AnswerBudget.allows() others while one source is over its share", () => {
  const budget = new AnswerBudget();
  charge(budget, 20);
  deepStrictEqual([budget.allows(EVE, 5_500), budget.allows(MALLORY, 5_500)], [false, true]);
});

Deno.test("AnswerBudget.allows() again when the window is over", () => {
  const budget = new AnswerBudget();
  charge(budget, 20);
  deepStrictEqual([5_000, 5_999, 6_000, 9_000].map((nowMs) => budget.allows(EVE, nowMs)), [
    false,
    false,
    true,
    true,
  ]);
});

Deno.test("AnswerBudget.charge() does not move the window on", () => {
  const budget = new AnswerBudget();
  for (let count = 0; count < 20; count++) budget.charge(EVE, 5_000 + count * 49);
  deepStrictEqual([5_990, 6_000].map((nowMs) => budget.allows(EVE, nowMs)), [false, true]);
});

Deno.test("AnswerBudget.allows() 200 answers a second to all strangers together", () => {
  const budget = new AnswerBudget();
  for (let count = 0; count < 199; count++) budget.charge(address(`198.51.100.${count}`), 7_000);
  strictEqual(budget.allows(EVE, 7_000), true);
  budget.charge(address("198.51.100.199"), 7_000);
  deepStrictEqual([7_000, 7_999, 8_000].map((nowMs) => budget.allows(EVE, nowMs)), [
    false,
    false,
    true,
  ]);
});

Deno.test("AnswerBudget.allows() asks and changes nothing", () => {
  const budget = new AnswerBudget();
  for (let count = 0; count < 1_000; count++) strictEqual(budget.allows(EVE, 1_000), true);
});

Deno.test("AnswerBudget.charge() bears any number of sources", () => {
  const budget = new AnswerBudget();
  for (let count = 0; count < 10_000; count++) {
    budget.charge(address(`198.51.${count >> 8}.${count & 255}`), 5_000 + count);
  }
  strictEqual(budget.allows(EVE, 20_000), true);
});

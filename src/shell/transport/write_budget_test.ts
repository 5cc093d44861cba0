import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { WriteBudget } from "./write_budget.ts";

const MEBIBYTE = 1024 * 1024;

Deno.test("WriteBudget.take() gives 64 MiB and then no more until some comes back", () => {
  const budget = new WriteBudget();
  const taken = Array.from({ length: 65 }, () => budget.take(MEBIBYTE));
  deepStrictEqual(taken, [...Array.from({ length: 64 }, () => true), false]);
  budget.give(MEBIBYTE);
  deepStrictEqual([budget.usedBytes, budget.take(MEBIBYTE), budget.take(1)], [
    63 * MEBIBYTE,
    true,
    false,
  ]);
});

Deno.test("WriteBudget starts empty", () => {
  strictEqual(new WriteBudget().usedBytes, 0);
});

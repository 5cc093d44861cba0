import { deepStrictEqual } from "node:assert/strict";
import { addFigures, Distribution } from "./distribution.ts";

Deno.test("Distribution starts with nothing", () => {
  deepStrictEqual(new Distribution([1, 2]).figures(), {
    buckets: [{ atMost: 1, count: 0 }, { atMost: 2, count: 0 }],
    sum: 0,
    count: 0,
  });
});

Deno.test("Distribution.observe() counts a value in each bucket that holds it", () => {
  const distribution = new Distribution([0, 1, 2]);
  for (const value of [0, 0.5, 1, 1.5, 2, 7]) distribution.observe(value);
  deepStrictEqual(distribution.figures(), {
    buckets: [{ atMost: 0, count: 1 }, { atMost: 1, count: 3 }, { atMost: 2, count: 5 }],
    sum: 12,
    count: 6,
  });
});

Deno.test("Distribution.figures() is a copy", () => {
  const distribution = new Distribution([1]);
  const before = distribution.figures();
  distribution.observe(1);
  deepStrictEqual(before, { buckets: [{ atMost: 1, count: 0 }], sum: 0, count: 0 });
});

Deno.test("addFigures() counts the values of both", () => {
  const [left, right, both] = [
    new Distribution([1, 2]),
    new Distribution([1, 2]),
    new Distribution([1, 2]),
  ];
  for (const [one, values] of [[left, [0, 2]], [right, [1, 7]]] as const) {
    for (const value of values) {
      one.observe(value);
      both.observe(value);
    }
  }
  deepStrictEqual(addFigures(left.figures(), right.figures()), both.figures());
});

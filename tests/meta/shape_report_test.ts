import { deepEqual } from "node:assert/strict";
import { type Shape, shapeReport, spread } from "./shape_report.ts";

const GOOD: Shape = {
  files: [10, 20, 300],
  functions: [3, 5, 70],
  codeLines: 330,
  testLines: 429,
};

Deno.test("spread() takes the nearest rank", () => {
  deepEqual(spread([]), { count: 0, median: 0, p90: 0, max: 0 });
  deepEqual(spread([7]), { count: 1, median: 7, p90: 7, max: 7 });
  deepEqual(spread([5, 1, 4, 2, 3, 10, 9, 8, 7, 6]), { count: 10, median: 5, p90: 9, max: 10 });
});

Deno.test("shapeReport() accepts what is within all budgets", () => {
  deepEqual(shapeReport(GOOD), {
    lines: [
      "files: 3, median 20 (budget 150), p90 300, max 300 (budget 300): ok",
      "functions: 3, median 5 (budget 20), p90 70, max 70 (budget 70): ok",
      "test lines 429 : code lines 330 = 1.30 (budget 1.3): ok",
    ],
    isWithin: true,
  });
});

Deno.test("shapeReport() refuses each budget on its own", () => {
  const shapes: readonly Shape[] = [
    { ...GOOD, files: [151, 151] },
    { ...GOOD, files: [1, 301] },
    { ...GOOD, functions: [21] },
    { ...GOOD, functions: [1, 71] },
    { ...GOOD, testLines: 428 },
    { ...GOOD, codeLines: 0 },
  ];
  deepEqual(shapes.map((shape) => shapeReport(shape).isWithin), shapes.map(() => false));
});

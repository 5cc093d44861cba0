import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { seededRandom } from "../support/seeded_random.ts";
import { median, theilSen } from "./slope.ts";

Deno.test("median() takes the middle, or the mean of the two middle ones", () => {
  deepStrictEqual([[3, 1, 2], [4, 1, 3, 2], []].map((values) => median(values)), [2, 2.5, 0]);
});

Deno.test("theilSen() finds a line", () => {
  const points = [0, 1, 2, 5].map((x) => ({ x, y: 7 + 3 * x }));
  deepStrictEqual(theilSen(points), { slope: 3, growth: 15, spread: 0 });
});

Deno.test("theilSen() is not moved by a quarter of wild points", () => {
  const points = Array.from({ length: 40 }, (_, x) => ({ x, y: x % 4 === 3 ? 1e6 : 100 }));
  strictEqual(theilSen(points).slope, 0);
});

Deno.test("theilSen() tells a leak below the noise of single points", () => {
  const random = seededRandom(7);
  // 240 samples of 5 s: 50 a minute of leak under a saw-tooth of 2000.
  const points = Array.from({ length: 240 }, (_, n) => {
    const x = n / 12;
    return { x, y: 100_000 + 50 * x + 2_000 * random() };
  });
  const { slope } = theilSen(points);
  ok(slope > 25 && slope < 75, `${slope}`);
});

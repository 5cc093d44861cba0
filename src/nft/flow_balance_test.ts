import { deepStrictEqual } from "node:assert/strict";
import { FlowBalance, type FlowReading } from "./flow_balance.ts";

type Turn = readonly [arrived: number, left: number, elapsedMs: number];

const HISTORIES: readonly (readonly [string, readonly Turn[], readonly string[]])[] = [
  ["nothing passes", [[0, 0, 200]], ["even"]],
  ["all leaves", [[10, 10, 200], [500, 500, 5000]], ["even", "even"]],
  ["two are under way", [[10, 8, 200]], ["even"]],
  ["the first call does not leave", [[10, 0, 200]], ["uneven"]],
  ["a few that are missing add up", [[10, 8, 200], [10, 8, 200]], ["even", "uneven"]],
  ["a thousand calls, read while they talk", [[20_000, 19_900, 200]], ["even"]],
  ["one of a thousand calls, sooner or later", [
    [20_000, 19_990, 200],
    [500_000, 499_750, 5000],
  ], ["even", "uneven"]],
  ["more leaves, since it is read later, and then less", [[10, 12, 200], [10, 6, 200]], [
    "even",
    "uneven",
  ]],
];

for (const [what, turns, wanted] of HISTORIES) {
  Deno.test(`FlowBalance.note() when ${what}`, () => {
    const balance = new FlowBalance();
    const readings: readonly FlowReading[] = turns.map(([arrived, left, elapsedMs]) => ({
      arrived,
      left,
      elapsedMs,
    }));
    deepStrictEqual(readings.map((reading) => balance.note(reading)), wanted);
  });
}

Deno.test("FlowBalance.explain() asks again only when more is missing", () => {
  const balance = new FlowBalance();
  const verdicts = [balance.note({ arrived: 10, left: 0, elapsedMs: 200 })];
  balance.explain();
  verdicts.push(balance.note({ arrived: 10, left: 10, elapsedMs: 200 }));
  verdicts.push(balance.note({ arrived: 10, left: 5, elapsedMs: 200 }));
  deepStrictEqual(verdicts, ["uneven", "even", "uneven"]);
});

Deno.test("FlowBalance.reset() begins anew", () => {
  const balance = new FlowBalance();
  balance.note({ arrived: 10, left: 8, elapsedMs: 200 });
  balance.reset();
  deepStrictEqual(balance.note({ arrived: 10, left: 8, elapsedMs: 200 }), "even");
});

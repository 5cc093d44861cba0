import { deepStrictEqual, ok } from "node:assert/strict";
import { checkDays } from "./days_check.ts";
import { type DaySample, playDays } from "./simulated_days.ts";

const PLAN = { days: 1 / 4, phones: 50, seed: 1 };

Deno.test("playDays() leaves nothing behind after a quarter of a day", () => {
  const report = playDays(PLAN);
  deepStrictEqual(
    checkDays(report).filter(({ verdict }) => verdict === "failed"),
    [],
  );
  const { registrations, calls, messages, samples } = report;
  ok(registrations > 2_000 && calls > 500 && messages > 10_000, `${registrations} ${calls}`);
  ok(samples.some(({ sizes }) => sizes.dialogs > 3 && sizes.pairs > 3));
});

Deno.test("playDays() lives the same days for the same seed", () => {
  const short = { ...PLAN, days: 1 / 24, seed: 7 };
  deepStrictEqual(playDays(short), playDays(short));
});

const SIZES = {
  bindings: 10,
  dialogs: 5,
  memo: 9,
  pending: 0,
  retransmissions: 0,
  knownPeers: 1,
  pairs: 4,
};

/** A day on which one table, or the heap, grows. */
function dayOf(
  grow: (hour: number) => Partial<DaySample["sizes"]> & { heapBytes?: number; live?: number },
) {
  const samples = Array.from({ length: 24 }, (_, index) => {
    const { heapBytes = 1e7, live = 10, ...sizes } = grow(index);
    const all = { ...SIZES, ...sizes };
    const truth = { registered: 10, calls: 3 };
    return { hour: index + 1, sizes: all, live, heapBytes, truth };
  });
  const none = { ...SIZES, bindings: 0, dialogs: 0, memo: 0, knownPeers: 0, pairs: 0 };
  return { samples, left: none, registrations: 1, calls: 1, messages: 1, problems: [] };
}

function failuresOf(report: Parameters<typeof checkDays>[0]): readonly string[] {
  return checkDays(report).filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
}

const GOOD = dayOf(() => ({}));

const BAD_DAYS = [
  ["a good day", GOOD, []],
  ["a table that grows", dayOf((hour) => ({ memo: 9 + hour })), ["all tables keep their level"]],
  ["a heap that grows", dayOf((hour) => ({ heapBytes: 1e7 + 2e5 * hour })), [
    "the heap keeps its level",
  ]],
  ["a phone too many", dayOf((hour) => ({ live: hour === 7 ? 11 : 10 })), [
    "the table holds the phones that are registered, at each hour",
  ]],
  ["a leg that is left", { ...GOOD, left: { ...GOOD.left, dialogs: 1 } }, [
    "nothing is left when all have gone",
  ]],
  ["a lost message", { ...GOOD, problems: ["nothing left"] }, [
    "1 simulated days: every message is forwarded, every answer arrives",
  ]],
] as const;

for (const [name, report, expected] of BAD_DAYS) {
  Deno.test(`checkDays() judges ${name}`, () => deepStrictEqual(failuresOf(report), expected));
}

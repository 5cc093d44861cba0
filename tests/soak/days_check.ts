import type { Check } from "./check.ts";
import type { DaySample, DaysReport, TableSizes } from "./simulated_days.ts";
import { theilSen } from "./slope.ts";

/** Growth of the heap over all days that is no leak: a full collection leaves some of what V8 itself keeps. */
const HEAP_BAND_BYTES = 2 * 1024 * 1024;

/** Entries by which a table may swing about its level: calls and registrations come by chance. */
const SIZE_BAND = 10;

const EMPTY: TableSizes = {
  bindings: 0,
  dialogs: 0,
  memo: 0,
  pending: 0,
  retransmissions: 0,
  knownPeers: 0,
  pairs: 0,
};

function judge(name: string, problems: readonly string[], figures: string): Check {
  const verdict = problems.length === 0 ? "passed" : "failed";
  return { name, verdict, figures: [figures, ...problems.slice(0, 3)].join("\n     ") };
}

/** Judges days of registrations and calls. */
export function checkDays(report: DaysReport): readonly Check[] {
  const { samples, registrations, calls, messages, problems } = report;
  const wrong = samples.filter(({ live, truth }) => live !== truth.registered);
  return [
    judge(
      `${samples.length / 24} simulated days: every message is forwarded, every answer arrives`,
      problems,
      `${registrations} registrations, ${calls} calls, ${messages} messages`,
    ),
    judge(
      "the table holds the phones that are registered, at each hour",
      wrong.map(({ hour, live, truth }) =>
        `hour ${hour}: ${live} kept, ${truth.registered} registered`
      ),
      `${samples.length} looks`,
    ),
    judge("all tables keep their level", growing(samples), levels(samples)),
    judge("nothing is left when all have gone", leftovers(report.left), "all tables empty"),
    ...heap(samples),
  ];
}

function names(): readonly (keyof TableSizes)[] {
  return ["bindings", "dialogs", "memo", "pending", "retransmissions", "knownPeers", "pairs"];
}

function growing(samples: readonly DaySample[]): readonly string[] {
  return names().flatMap((name) => {
    const points = samples.map(({ hour, sizes }) => ({ x: hour, y: sizes[name] }));
    const { growth } = theilSen(points);
    return growth <= SIZE_BAND ? [] : [`${name} grows by ${growth.toFixed(1)}`];
  });
}

function levels(samples: readonly DaySample[]): string {
  return names().map((name) => {
    const values = samples.map(({ sizes }) => sizes[name]);
    return `${name} ${Math.min(...values)}…${Math.max(...values)}`;
  }).join(", ");
}

function leftovers(left: TableSizes): readonly string[] {
  return names().filter((name) => left[name] !== EMPTY[name])
    .map((name) => `${left[name]} ${name}`);
}

function heap(samples: readonly DaySample[]): readonly Check[] {
  const points = samples.map(({ hour, heapBytes }) => ({ x: hour, y: heapBytes }))
    .filter(({ y }) => y > 0);
  if (points.length < 3) return [];
  const { growth, spread } = theilSen(points);
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(0)} kB`;
  return [
    judge(
      "the heap keeps its level",
      growth <= HEAP_BAND_BYTES ? [] : [`it grows by ${kb(growth)}`],
      `${points.length} looks after full collections, growth ${kb(growth)}, spread ${
        kb(spread)
      }, ` +
        `band ${kb(HEAP_BAND_BYTES)}`,
    ),
  ];
}

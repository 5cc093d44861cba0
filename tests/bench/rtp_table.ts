import type { Figures } from "./load.ts";
import { PATH_NAMES, type PathName } from "./media_paths.ts";
import { alignColumns, figureOf, highest, median } from "./report.ts";

/** One load of all calls: how many, and how much speech is in a packet. */
export interface CallLoad {
  readonly calls: number;
  readonly packetMs: number;
}

/** What was measured at one load; the rounds of each path. */
export interface PathRuns {
  readonly load: CallLoad;
  readonly runs: ReadonlyMap<PathName, readonly Figures[]>;
}

/** One line of a load: how its figure is read from a round and put together from all rounds. */
interface Measure {
  readonly name: string;
  readonly read: (figures: Figures) => number;
  readonly sum: (values: readonly number[]) => number | undefined;
  readonly digits: number;
  readonly claims: readonly Claim[];
}

/** An acceptance figure: a path, and the highest value it may have beside the others of the same run. */
interface Claim {
  readonly calls: readonly number[];
  readonly path: PathName;
  readonly words: string;
  readonly limit: (of: (path: PathName) => number) => number;
}

const MEASURES: readonly Measure[] = [
  {
    name: "CPU per packet in all, us",
    read: (one) => cpuPerPacket(one, "own_cpu_us") + cpuPerPacket(one, "proxy_cpu_us"),
    sum: median,
    digits: 1,
    claims: [
      {
        calls: [200, 400],
        path: "offloaded",
        words: "direct + 4",
        limit: (of) => of("direct") + 4,
      },
      {
        calls: [50, 100, 200, 400, 1000],
        path: "offloaded",
        words: "rtpengine",
        limit: (of) => of("rtpengine"),
      },
    ],
  },
  {
    name: "of it the relay's processes, us",
    read: (one) => cpuPerPacket(one, "proxy_cpu_us"),
    sum: median,
    digits: 1,
    claims: [
      {
        calls: [50],
        path: "user space",
        words: "2.6 x rtpengine",
        limit: (of) => 2.6 * of("rtpengine"),
      },
      {
        calls: [200],
        path: "user space",
        words: "1.6 x rtpengine",
        limit: (of) => 1.6 * of("rtpengine"),
      },
    ],
  },
  {
    name: "added delay p50, us",
    read: (one) => delayOf(one, "p50_us"),
    sum: median,
    digits: 1,
    claims: [{ calls: [100], path: "user space", words: "150", limit: () => 150 }],
  },
  {
    name: "added delay p99, us",
    read: (one) => delayOf(one, "p99_us"),
    sum: median,
    digits: 1,
    claims: [{
      calls: [200, 400],
      path: "offloaded",
      words: "direct + 50",
      limit: (of) => of("direct") + 50,
    }],
  },
  {
    name: "lost, % (worst round)",
    read: (one) => 100 * figureOf(one, "lost") / figureOf(one, "sent"),
    sum: highest,
    digits: 3,
    claims: [
      { calls: [1000], path: "offloaded", words: "0", limit: () => 0 },
      { calls: [200], path: "user space", words: "0", limit: () => 0 },
      { calls: [400], path: "user space", words: "0.1", limit: () => 0.1 },
    ],
  },
  {
    name: "duplicated (worst round)",
    read: (one) => figureOf(one, "duplicated"),
    sum: highest,
    digits: 0,
    claims: [],
  },
  {
    name: "generator late p99, us",
    read: (one) => figureOf(one, "late_p99_us"),
    sum: median,
    digits: 1,
    claims: [],
  },
];

/**
 * Makes the table of the RTP part: a block a load, a column a path, and behind the figures what was to be reached.
 *
 * @param all what was measured
 * @returns aligned lines
 */
export function formatRtpTable(all: readonly PathRuns[]): string {
  const lines: string[][] = [["measure", ...PATH_NAMES, "verdicts"]];
  for (const { load, runs } of all) {
    lines.push([`-- RTP, ${load.calls} calls with packets of ${load.packetMs} ms`]);
    for (const measure of MEASURES) lines.push(cellsOf(measure, { load, runs }));
  }
  return alignColumns(lines, { left: [0, PATH_NAMES.length + 1] });
}

function cellsOf(measure: Measure, { load, runs }: PathRuns): string[] {
  const values = new Map<PathName, number>();
  for (const [path, rounds] of runs) {
    const value = measure.sum(rounds.map(measure.read));
    if (value !== undefined) values.set(path, value);
  }
  const cells = PATH_NAMES.map((path) => values.get(path)?.toFixed(measure.digits) ?? "-");
  const claims = measure.claims.filter(({ calls }) => calls.includes(load.calls));
  return [measure.name, ...cells, claims.map((one) => verdictOf(one, values)).join("; ")];
}

function verdictOf(one: Claim, values: ReadonlyMap<PathName, number>): string {
  const of = (path: PathName) => values.get(path) ?? Number.NaN;
  const [value, limit] = [of(one.path), one.limit(of)];
  const words = `${one.path} <= ${one.words}`;
  if (Number.isNaN(value) || Number.isNaN(limit)) return `${words}: not measured`;
  return `${words}: ${value <= limit ? "within" : "over"}`;
}

/** A round in which nothing arrived has no delay; the generator writes -1. */
function delayOf(figures: Figures, name: string): number {
  const delay = figureOf(figures, name);
  return delay < 0 ? Number.NaN : delay;
}

function cpuPerPacket(figures: Figures, whose: string): number {
  const received = figureOf(figures, "received");
  return received === 0 ? Number.NaN : figureOf(figures, whose) / received;
}

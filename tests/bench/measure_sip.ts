import { startKamailio } from "./anchors.ts";
import { processTree, stopDaemon } from "./daemon.ts";
import { runSipLoad } from "./load.ts";
import type { Figures, SipLoad } from "./load.ts";
import { tryStart, undisturbed } from "./plan.ts";
import type { Bench } from "./plan.ts";
import { figureOf, medians, worsts } from "./report.ts";
import type { Findings, Row, Runs, Target } from "./report.ts";
import { pause } from "./shell.ts";
import { startSiproxd } from "./siproxd.ts";
import { nextRun } from "./subject.ts";
import type { Subject } from "./subject.ts";

const PHONE_COUNTS = [1, 100, 5000] as const;
const REGISTER_RATE = 500;
export const CALL_RATE = 100;
export const CALL_PHONES = 100;
const CLEAN_REGISTER_RATE = 4000;
const CLEAN_CALL_RATE = 800;
/** Unmeasured transactions before the measured ones of every round. */
export const WARM_SECONDS = 1;
/** Lets a round's late answers and timers pass before the next one. */
const SETTLE_MS = 300;

const REGISTER_TARGET: Target = { of: "ours", limit: 0.2 };
const CALL_TARGET: Target = { of: "ours", limit: 1.0 };
const CLEAN_TARGET: Target = { of: "ours", limit: 0 };

/** What a process has done before it is measured: a daemon runs for weeks, its compiler's first seconds are no figure. */
const WARM_LOADS: readonly Load[] = [
  { mode: "register", phones: 100, count: 20_000, ratePerSecond: 2000 },
  { mode: "calls", phones: CALL_PHONES, count: 2000, ratePerSecond: 250 },
];

/** Two subjects that take turns. */
export interface Pair {
  readonly ours: Subject | undefined;
  readonly anchor: Subject | undefined;
}

/** Sends registrations and calls through siproxd and Kamailio in turn and compares CPU, delay and answers. */
export async function measureSip(bench: Bench): Promise<Findings> {
  const ours = await tryStart(bench, () => startSiproxd(bench.ours));
  const anchor = await tryStart(bench, () => startKamailio(bench.anchor));
  const pair = { ours, anchor };
  await warmUp(bench, pair);
  const rows: Row[] = [];
  for (const phones of PHONE_COUNTS) {
    rows.push(...await compareRegister(bench, { ...pair, phones }));
  }
  rows.push(...await compareCalls(bench, pair));
  rows.push(...await compareClean(bench, pair));
  for (const one of [ours, anchor]) if (one !== undefined) await stopDaemon(one.daemon);
  return { kind: "rows", rows };
}

async function compareRegister(
  bench: Bench,
  pair: Pair & { readonly phones: number },
): Promise<readonly Row[]> {
  const { phones } = pair;
  await prefill(bench, pair);
  const runs = await alternate(bench, {
    pair,
    load: {
      mode: "register",
      phones,
      ratePerSecond: REGISTER_RATE,
      count: REGISTER_RATE * bench.plan.steadySeconds,
      warm: REGISTER_RATE * WARM_SECONDS,
    },
  });
  const base = { part: `REGISTER, ${phones} phones, ${REGISTER_RATE}/s`, anchorName: "kamailio" };
  return loadRows(runs, { base, unit: "transaction", target: REGISTER_TARGET });
}

async function compareCalls(bench: Bench, pair: Pair): Promise<readonly Row[]> {
  const runs = await alternate(bench, {
    pair,
    load: {
      mode: "calls",
      phones: CALL_PHONES,
      ratePerSecond: CALL_RATE,
      count: CALL_RATE * bench.plan.steadySeconds,
      warm: CALL_RATE * WARM_SECONDS,
    },
  });
  const base = {
    part: `INVITE 180 200 ACK BYE 200 with SDP, ${CALL_RATE}/s`,
    anchorName: "kamailio",
  };
  return loadRows(runs, { base, unit: "call", target: CALL_TARGET });
}

async function compareClean(bench: Bench, pair: Pair): Promise<readonly Row[]> {
  const seconds = bench.plan.cleanSeconds;
  const register = { mode: "register" as const, phones: 5000, ratePerSecond: CLEAN_REGISTER_RATE };
  const calls = { mode: "calls" as const, phones: CALL_PHONES, ratePerSecond: CLEAN_CALL_RATE };
  const rows: Row[] = [];
  for (const load of [register, calls]) {
    const runs = await alternate(bench, {
      pair,
      load: { ...load, count: load.ratePerSecond * seconds },
    });
    const base = {
      part: `${load.mode === "calls" ? "calls" : "registrations"} at ${load.ratePerSecond}/s`,
      anchorName: "kamailio",
      digits: 0,
    };
    rows.push(
      {
        ...base,
        measure: "unanswered (worst round)",
        ...worsts(runs, unanswered),
        target: CLEAN_TARGET,
      },
      { ...base, measure: "added delay p99, us", ...medians(runs, p99), target: undefined },
      {
        ...base,
        measure: "CPU, % of a core",
        ...medians(runs, coreShare(seconds)),
        target: undefined,
      },
    );
  }
  return rows;
}

/** Both subjects get the same unmeasured work first. */
export async function warmUp(bench: Bench, pair: Pair): Promise<void> {
  for (const subject of [pair.ours, pair.anchor]) {
    if (subject === undefined) continue;
    console.error(`sip: ${subject.name} warms up`);
    for (const load of WARM_LOADS) await loadOnce(bench, { subject, load, runs: [] });
  }
}

/** Registers all phones once, so that the measured transactions are refreshes of a table of that size. */
async function prefill(bench: Bench, pair: Pair & { readonly phones: number }): Promise<void> {
  for (const subject of [pair.ours, pair.anchor]) {
    if (subject === undefined) continue;
    const load = {
      mode: "register" as const,
      phones: pair.phones,
      count: pair.phones,
      ratePerSecond: 1000,
    };
    await loadOnce(bench, { subject, load, runs: [] });
  }
}

/** A load without what each round brings. */
export type Load = Omit<SipLoad, "run" | "pids">;

/** Puts a load on both, round by round. */
export async function alternate(
  bench: Bench,
  work: { readonly pair: Pair; readonly load: Load },
): Promise<Runs> {
  const { pair, load } = work;
  const runs = { ours: new Array<Figures>(), anchor: new Array<Figures>() };
  for (let round = 1; round <= bench.plan.rounds; round++) {
    console.error(
      `sip: ${load.mode} ${load.ratePerSecond}/s, ${load.phones} phones, round ${round}`,
    );
    if (pair.ours !== undefined) {
      await loadOnce(bench, { subject: pair.ours, load, runs: runs.ours });
    }
    if (pair.anchor !== undefined) {
      await loadOnce(bench, { subject: pair.anchor, load, runs: runs.anchor });
    }
  }
  return runs;
}

async function loadOnce(
  bench: Bench,
  work: { readonly subject: Subject; readonly load: Load; readonly runs: Figures[] },
): Promise<void> {
  const { subject, load, runs } = work;
  try {
    const pids = processTree(subject.daemon.pid);
    const round = async () =>
      (await runSipLoad(subject, { ...load, run: nextRun(), pids })).figures;
    const figures = await undisturbed(round);
    runs.push(figures);
    const missing = unanswered(figures);
    const what = `${subject.name}, ${load.mode} at ${load.ratePerSecond}/s, ${load.phones} phones`;
    if (missing > 0) console.error(`  ${what}: ${missing} of ${load.count} unanswered`);
    if (missing === load.count) bench.problems.push(`${what}: nothing was answered`);
  } catch (error) {
    bench.problems.push(`${subject.name}, ${load.mode}: ${error}`);
  }
  await pause(SETTLE_MS);
}

/** What rows of a load are called and held to. */
export interface LoadRows {
  readonly base: { readonly part: string; readonly anchorName: string };
  readonly unit: string;
  readonly target: Target;
}

/** Makes the rows of a load: CPU, delays, what was not answered. */
export function loadRows(runs: Runs, rows: LoadRows): readonly Row[] {
  const { base, unit, target } = rows;
  return [
    { ...base, measure: `CPU per ${unit}, ms`, ...medians(runs, cpuPerUnit), target, digits: 3 },
    {
      ...base,
      measure: "added delay p50, us",
      ...medians(runs, p50),
      target: undefined,
      digits: 0,
    },
    {
      ...base,
      measure: "added delay p99, us",
      ...medians(runs, p99),
      target: undefined,
      digits: 0,
    },
    {
      ...base,
      measure: "unanswered (worst round)",
      ...worsts(runs, unanswered),
      target: undefined,
      digits: 0,
    },
  ];
}

function cpuPerUnit(figures: Figures): number {
  return figureOf(figures, "proxy_cpu_us") / figureOf(figures, "count") / 1000;
}

function coreShare(seconds: number): (figures: Figures) => number {
  return (figures) => figureOf(figures, "proxy_cpu_us") / seconds / 10_000;
}

function unanswered(figures: Figures): number {
  return figureOf(figures, "unanswered");
}

function p50(figures: Figures): number {
  return figureOf(figures, "p50_us");
}

function p99(figures: Figures): number {
  return figureOf(figures, "p99_us");
}

import { processTree, stopDaemon } from "./daemon.ts";
import { runRtpLoad } from "./load.ts";
import type { Figures } from "./load.ts";
import { startRtpengine } from "./anchors.ts";
import { tryStart, undisturbed } from "./plan.ts";
import type { Bench } from "./plan.ts";
import { figureOf, medians, worsts } from "./report.ts";
import type { Row, Runs, Target } from "./report.ts";
import { pause } from "./shell.ts";
import { startSiproxd } from "./siproxd.ts";
import type { MediaSubject } from "./subject.ts";

/** Calls at once, each with 50 packets/s each way. */
const CALL_COUNTS = [50, 100, 200, 400] as const;
/** Time for both relays to close the media ports of the last round. */
const SETTLE_MS = 500;
/** The acceptance figures by measure and number of calls. */
const TARGETS: ReadonlyMap<string, Target> = new Map([
  ["cpu 50", { of: "ratio", limit: 2.6 }],
  ["cpu 200", { of: "ratio", limit: 1.6 }],
  ["p50 100", { of: "ours", limit: 150 }],
  ["lost 200", { of: "ours", limit: 0 }],
  ["lost 400", { of: "ours", limit: 0.1 }],
]);

/** Relays calls through siproxd and rtpengine in turn and compares CPU, delay and loss. */
export async function measureRtp(bench: Bench): Promise<readonly Row[]> {
  const ours = await tryStart(bench, () => startSiproxd(bench.ours));
  const anchor = await tryStart(bench, () => startRtpengine(bench.anchor));
  const rows: Row[] = [];
  for (const calls of CALL_COUNTS) rows.push(...await compareAt(bench, { calls, ours, anchor }));
  for (const one of [ours, anchor]) if (one !== undefined) await stopDaemon(one.daemon);
  return rows;
}

interface Comparison {
  readonly calls: number;
  readonly ours: MediaSubject | undefined;
  readonly anchor: MediaSubject | undefined;
}

async function compareAt(bench: Bench, comparison: Comparison): Promise<readonly Row[]> {
  const { calls, ours, anchor } = comparison;
  const ourRuns: Figures[] = [];
  const anchorRuns: Figures[] = [];
  for (let round = 1; round <= bench.plan.rounds; round++) {
    console.error(`rtp: ${calls} calls, round ${round} of ${bench.plan.rounds}`);
    if (ours !== undefined) await relayOnce(bench, { subject: ours, calls, runs: ourRuns });
    if (anchor !== undefined) await relayOnce(bench, { subject: anchor, calls, runs: anchorRuns });
  }
  return rowsOf(calls, { ours: ourRuns, anchor: anchorRuns });
}

interface Relay {
  readonly subject: MediaSubject;
  readonly calls: number;
  readonly runs: Figures[];
}

async function relayOnce(bench: Bench, relay: Relay): Promise<void> {
  const { subject, calls, runs } = relay;
  try {
    const lines = await subject.openCalls(calls);
    const pids = processTree(subject.daemon.pid);
    const load = { calls: lines, seconds: bench.plan.steadySeconds, pids };
    const figures = await undisturbed(() => runRtpLoad(subject, load));
    runs.push(figures);
    const silent = figures.get("silent_legs") ?? 0;
    if (silent > 0) {
      bench.problems.push(`${subject.name}, ${calls} calls: ${silent} legs got no packet`);
    }
    await subject.closeCalls();
  } catch (error) {
    bench.problems.push(`${subject.name}, ${calls} calls: ${error}`);
  }
  await pause(SETTLE_MS);
}

function rowsOf(calls: number, runs: Runs): readonly Row[] {
  const base = { part: `RTP relay, ${calls} calls`, anchorName: "rtpengine", digits: 1 };
  const target = (key: string) => ({ target: TARGETS.get(`${key} ${calls}`) });
  return [
    { ...base, measure: "CPU per packet, us", ...medians(runs, cpuPerPacket), ...target("cpu") },
    {
      ...base,
      measure: "added delay p50, us",
      ...medians(runs, (one) => figureOf(one, "p50_us")),
      ...target("p50"),
    },
    {
      ...base,
      measure: "added delay p99, us",
      ...medians(runs, (one) => figureOf(one, "p99_us")),
      ...target("p99"),
    },
    {
      ...base,
      measure: "lost, % (worst round)",
      ...worsts(runs, lostPercent),
      ...target("lost"),
      digits: 3,
    },
    {
      ...base,
      measure: "duplicated (worst round)",
      ...worsts(runs, duplicated),
      ...target("dup"),
      digits: 0,
    },
    {
      ...base,
      measure: "generator CPU per packet, us",
      ...medians(runs, generatorCpu),
      ...target("own"),
    },
    {
      ...base,
      measure: "generator late p99, us",
      ...medians(runs, (one) => figureOf(one, "late_p99_us")),
      ...target("late"),
    },
  ];
}

function cpuPerPacket(figures: Figures): number {
  return figureOf(figures, "proxy_cpu_us") / figureOf(figures, "received");
}

function generatorCpu(figures: Figures): number {
  return figureOf(figures, "own_cpu_us") / figureOf(figures, "sent");
}

function lostPercent(figures: Figures): number {
  return 100 * figureOf(figures, "lost") / figureOf(figures, "sent");
}

function duplicated(figures: Figures): number {
  return figureOf(figures, "duplicated");
}

import { processTree } from "./daemon.ts";
import { runRtpLoad } from "./load.ts";
import type { Figures } from "./load.ts";
import { type MediaPath, type PathName, startPaths, stopPaths } from "./media_paths.ts";
import { isDisturbed, undisturbed } from "./plan.ts";
import type { Bench } from "./plan.ts";
import type { Findings } from "./report.ts";
import { type CallLoad, formatRtpTable, type PathRuns } from "./rtp_table.ts";
import { pause } from "./shell.ts";

/** 50 packets/s each way in every call, and a crowd of half as many packets each. */
const LOADS: readonly CallLoad[] = [
  { calls: 50, packetMs: 20 },
  { calls: 100, packetMs: 20 },
  { calls: 200, packetMs: 20 },
  { calls: 400, packetMs: 20 },
  { calls: 1000, packetMs: 40 },
];
/** Time for a relay to close the media ports of the last load. */
const SETTLE_MS = 500;
/** Unmeasured media at first: sources are learnt, and 100 calls a second are handed over to the kernel. */
const FIRST_MEDIA_SECONDS = 2;
const HANDED_OVER_PER_SECOND = 100;

/** Sends the same calls over all paths in turn and compares CPU, delay and loss. */
export async function measureRtp(bench: Bench): Promise<Findings> {
  const paths = await startPaths(bench);
  const all: PathRuns[] = [];
  for (const load of LOADS) all.push(await measureLoad(bench, { paths, load }));
  await stopPaths(paths);
  return { kind: "table", text: formatRtpTable(all) };
}

/** A path with the calls that are up on it. */
interface OpenPath {
  readonly path: MediaPath;
  readonly lines: readonly string[];
}

async function measureLoad(
  bench: Bench,
  work: { readonly paths: readonly MediaPath[]; readonly load: CallLoad },
): Promise<PathRuns> {
  const { paths, load } = work;
  const open: OpenPath[] = [];
  for (const path of paths) open.push(...await openCalls(bench, { path, load }));
  const runs = new Map<PathName, Figures[]>(open.map(({ path }) => [path.name, []]));
  for (let round = 0; round < bench.plan.rounds; round++) {
    console.error(`rtp: ${load.calls} calls, round ${round + 1} of ${bench.plan.rounds}`);
    for (let turn = 0; turn < open.length; turn++) {
      // Another one begins each round, so that a burst of other work doesn't always meet the same.
      const one = open[(round + turn) % open.length];
      if (one === undefined) continue;
      const figures = await relayOnce(bench, { ...one, load });
      if (figures !== undefined) runs.get(one.path.name)?.push(figures);
    }
  }
  for (const { path } of open) await tryTo(bench, { path, load, run: () => path.closeCalls() });
  bench.problems.push(...deadPaths(load, runs));
  await pause(SETTLE_MS);
  return { load, runs };
}

/** Sets the calls up and lets media flow until everything is as it stays; nothing where that fails. */
async function openCalls(
  bench: Bench,
  work: { readonly path: MediaPath; readonly load: CallLoad },
): Promise<readonly OpenPath[]> {
  const { path, load } = work;
  console.error(`rtp: ${load.calls} calls, ${path.name} sets them up`);
  const run = async () => {
    const lines = await path.openCalls(load.calls);
    const seconds = FIRST_MEDIA_SECONDS + Math.ceil(load.calls / HANDED_OVER_PER_SECOND);
    await runRtpLoad(path, { calls: lines, seconds, packetMs: load.packetMs, pids: [] });
    return lines;
  };
  const lines = await tryTo(bench, { path, load, run });
  return lines === undefined ? [] : [{ path, lines }];
}

async function relayOnce(
  bench: Bench,
  work: OpenPath & { readonly load: CallLoad },
): Promise<Figures | undefined> {
  const { path, lines, load } = work;
  const run = async () => {
    const pids = path.daemon === undefined ? [] : processTree(path.daemon.pid);
    const seconds = bench.plan.steadySeconds;
    const rtpLoad = { calls: lines, seconds, packetMs: load.packetMs, pids };
    return await undisturbed(() => runRtpLoad(path, rtpLoad));
  };
  const figures = await tryTo(bench, { path, load, run });
  return figures === undefined || isDisturbed(figures) ? undefined : figures;
}

/** A relay beyond its limits loses packets, which the table shows; one that never relayed any does not work. */
function deadPaths(
  load: CallLoad,
  runs: ReadonlyMap<PathName, readonly Figures[]>,
): readonly string[] {
  const isDead = (rounds: readonly Figures[]) =>
    rounds.length > 0 && rounds.every((one) => one.get("received") === 0);
  return [...runs].filter(([, rounds]) => isDead(rounds)).map(([name]) =>
    `${name}, ${load.calls} calls: nothing was relayed`
  );
}

/** What fails on one path is a problem of the run and leaves its figure out. */
async function tryTo<T>(
  bench: Bench,
  work: { readonly path: MediaPath; readonly load: CallLoad; readonly run: () => Promise<T> },
): Promise<T | undefined> {
  try {
    return await work.run();
  } catch (error) {
    bench.problems.push(`${work.path.name}, ${work.load.calls} calls: ${error}`);
    return undefined;
  }
}

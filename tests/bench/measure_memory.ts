import { startRtpengine } from "./anchors.ts";
import { processTree, residentMegabytes, stopDaemon } from "./daemon.ts";
import { runRtpLoad, runSipLoad } from "./load.ts";
import { tryStart } from "./plan.ts";
import type { Bench } from "./plan.ts";
import { median } from "./report.ts";
import type { Findings, Row } from "./report.ts";
import { pause } from "./shell.ts";
import { startSiproxd } from "./siproxd.ts";
import { nextRun } from "./subject.ts";
import type { MediaSubject } from "./subject.ts";

const REGISTRATIONS = 5000;
const REGISTRATIONS_PER_SECOND = 1000;
const CALLS = 200;
/** After the start a collector may still be giving memory back. */
const IDLE_MS = 2_000;
/** Media flows while the loaded figure is taken. */
const MEDIA_SECONDS = 3;

interface Sizes {
  readonly idle: number[];
  readonly loaded: number[];
}

/** Resident memory of fresh processes: idle, and with registrations and calls up. */
export async function measureMemory(bench: Bench): Promise<Findings> {
  const ours: Sizes = { idle: [], loaded: [] };
  const anchor: Sizes = { idle: [], loaded: [] };
  for (let round = 1; round <= bench.plan.rounds; round++) {
    console.error(`memory: round ${round} of ${bench.plan.rounds}`);
    const siproxd = await tryStart(bench, () => startSiproxd(bench.ours));
    if (siproxd !== undefined) await weigh(bench, { subject: siproxd, sizes: ours });
    const rtpengine = await tryStart(bench, () => startRtpengine(bench.anchor));
    if (rtpengine !== undefined) await weigh(bench, { subject: rtpengine, sizes: anchor });
  }
  const base = { part: "resident memory", anchorName: "rtpengine", digits: 1 };
  const rows: readonly Row[] = [
    {
      ...base,
      measure: "idle, MB",
      ours: median(ours.idle),
      anchor: median(anchor.idle),
      target: { of: "ours", limit: 115 },
    },
    {
      ...base,
      measure: `${REGISTRATIONS} registrations (siproxd only) and ${CALLS} calls, MB`,
      ours: median(ours.loaded),
      anchor: median(anchor.loaded),
      target: { of: "ours", limit: 160 },
    },
  ];
  return { kind: "rows", rows };
}

async function weigh(
  bench: Bench,
  work: { readonly subject: MediaSubject; readonly sizes: Sizes },
): Promise<void> {
  const { subject, sizes } = work;
  try {
    await pause(IDLE_MS);
    sizes.idle.push(residentMegabytes(subject.daemon.pid));
    if (subject.name === "siproxd") await registerAll(subject);
    const calls = await subject.openCalls(CALLS);
    await runRtpLoad(subject, {
      calls,
      seconds: MEDIA_SECONDS,
      pids: processTree(subject.daemon.pid),
    });
    sizes.loaded.push(residentMegabytes(subject.daemon.pid));
  } catch (error) {
    bench.problems.push(`memory of ${subject.name}: ${error}`);
  }
  await stopDaemon(subject.daemon);
}

async function registerAll(subject: MediaSubject): Promise<void> {
  await runSipLoad(subject, {
    mode: "register",
    phones: REGISTRATIONS,
    count: REGISTRATIONS,
    ratePerSecond: REGISTRATIONS_PER_SECOND,
    run: nextRun(),
  });
}

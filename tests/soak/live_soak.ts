/**
 * The live part of the soak: the daemon under 30 calls that come and go, looked at every five seconds.
 *
 * Starts the daemon, lets the peers telephone, waits until it is idle again, and judges memory, handles, counters and
 * log. It simulates nothing. Called by run.ts.
 *
 * @module
 */
import { sleep } from "../e2e/support/command.ts";
import { bufferDrops, type Metrics, readMetrics, readProcess, sumOf } from "../traffic/figures.ts";
import {
  type Check,
  checkAccounts,
  checkHandles,
  checkLog,
  checkMemory,
  type Sample,
} from "./check.ts";
import { Churn, FAST_PACE, REAL_PACE } from "./churn.ts";
import { type SoakDaemon, type SoakProgram, startSoakDaemon } from "./soak_daemon.ts";

/** How long, how many calls at once, and of which program. */
export interface SoakPlan {
  readonly program: SoakProgram;
  readonly minutes: number;
  readonly calls: number;
}

const SAMPLE_INTERVAL_MS = 5_000;

/** A line each minute: somebody watches. */
const SAMPLES_A_LINE = 12;

/** Ports rest for half a minute after a call, and are closed after another minute. */
const IDLE_TIMEOUT_MS = 180_000;

/** Runs it and gives what was judged. */
export async function runLiveSoak(plan: SoakPlan): Promise<readonly Check[]> {
  const daemon = await startSoakDaemon(plan.program);
  const churn = new Churn(daemon, plan.program === "binary" ? REAL_PACE : FAST_PACE);
  try {
    return await judgeRun(plan, { daemon, churn });
  } finally {
    churn.close();
    await daemon.process.stop();
  }
}

async function judgeRun(
  plan: SoakPlan,
  { daemon, churn }: { readonly daemon: SoakDaemon; readonly churn: Churn },
): Promise<readonly Check[]> {
  const { pid } = daemon.process;
  const idle = readProcess(pid).handles;
  const dropsBefore = bufferDrops();
  await churn.open(plan.calls);
  const registered = await settled(daemon);
  const samples: Sample[] = [];
  const sampling = setInterval(() => sample(daemon, { samples, churn }), SAMPLE_INTERVAL_MS);
  await churn.run(plan.minutes * 60_000);
  clearInterval(sampling);
  await churn.unregister();
  const messages = churn.messages();
  const metrics = await settled(daemon);
  churn.close();
  const after = await waitForHandles(pid, idle);
  const memory = [...checkMemory(samples, plan.program), checkHandles(idle, after)];
  // Collecting all the time is slow: on a busy machine messages are late, which says nothing of the daemon.
  if (plan.program === "collecting") return memory;
  const { counts } = churn;
  return [
    ...memory,
    registrations(registered, { metrics, phones: plan.calls }),
    ...checkAccounts({
      metrics,
      counts,
      messages,
      repeatedInvites: churn.repeatedInvites(),
      kernelDrops: bufferDrops() - dropsBefore,
    }),
    checkLog(await daemon.process.log()),
    {
      name: `${plan.calls} calls at once, each answered as it should`,
      verdict: churn.problems.length === 0 && counts.mostAtOnce >= plan.calls * 2 / 3
        ? "passed"
        : "failed",
      figures: [
        `most at once ${counts.mostAtOnce}, re-INVITEs ${counts.reinvites}, REGISTERs ` +
        `${counts.registrations}`,
        ...churn.problems.slice(0, 10),
      ].join("\n     "),
    },
  ];
}

function sample(
  daemon: SoakDaemon,
  { samples, churn }: { readonly samples: Sample[]; readonly churn: Churn },
): void {
  readMetrics(daemon.metrics).then((metrics) => {
    const { pid } = daemon.process;
    // An isolate that is too busy to answer in time is left out of the figures; so is the sample then.
    if (!metrics.has('siproxd_heap_used_bytes{isolate="signalling"}')) return;
    const heapKb = sumOf(metrics, "siproxd_heap_used_bytes") / 1024;
    const one = { ...readProcess(pid), heapKb, atMs: performance.now() };
    if (samples.push(one) % SAMPLES_A_LINE !== 0) return;
    const { counts } = churn;
    console.log(
      `     ${samples.length / SAMPLES_A_LINE} min: RSS ${one.residentKb} kB, heap ` +
        `${
          Math.round(heapKb)
        } kB, threads ${one.threads}, handles ${one.handles}, calls ${counts.calls}, ` +
        `packets ${counts.lan.received + counts.wan.received}`,
    );
  }, (error: unknown) => churn.problems.push(`no metrics: ${error}`));
}

/** The figures, once calls and registrations have reached the supervisor (a fifth of a second later). */
async function settled(daemon: SoakDaemon): Promise<Metrics> {
  await sleep(2_000);
  return await readMetrics(daemon.metrics);
}

function registrations(
  before: Metrics,
  after: { readonly metrics: Metrics; readonly phones: number },
): Check {
  const began = sumOf(before, "siproxd_registrations");
  const ended = sumOf(after.metrics, "siproxd_registrations");
  return {
    name: "registrations add up",
    verdict: began === after.phones && ended === 0 ? "passed" : "failed",
    figures: `phones ${after.phones}, registered ${began}, after taking them back ${ended}`,
  };
}

async function waitForHandles(pid: number, idle: number): Promise<number> {
  const endMs = performance.now() + IDLE_TIMEOUT_MS;
  for (;;) {
    const { handles } = readProcess(pid);
    if (handles <= idle || performance.now() > endMs) return handles;
    await sleep(1_000);
  }
}

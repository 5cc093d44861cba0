/**
 * The soak: `deno task soak -- --minutes N` lets the core live for four simulated days and the binary for N real minutes.
 *
 * With `--collected M` the program runs from source before, for M minutes of fast calls with all garbage collected: what
 * then grows after the first two minutes, when all tables have found their size, is a leak.
 *
 * Prints one line a check with the figures it was judged by, and closes with `N passed, N failed`. SIPROXD_BIN names the
 * daemon's command. People and continuous integration call it.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { cleanUp, cleanUpOnSignals } from "../e2e/support/cleanup.ts";
import { keepWorkDirectory } from "../e2e/support/work_directory.ts";
import { liveHeapMib } from "../support/live_heap.ts";
import { makePresentBinary } from "../support/present_binary.ts";
import type { Check } from "./check.ts";
import { checkDays } from "./days_check.ts";
import { runLiveSoak } from "./live_soak.ts";
import { playDays } from "./simulated_days.ts";

const DEFAULT_MINUTES = 5;
const CALLS = 30;

const SIMULATED_DAYS = 4;
const SIMULATED_PHONES = 50;

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs(args.filter((arg) => arg !== "--"), { string: ["minutes", "collected"] });
  const minutes = Number(flags.minutes ?? DEFAULT_MINUTES);
  if (!(minutes > 0)) {
    console.error(`Cannot soak for "${flags.minutes}" minutes: give a number`);
    return 1;
  }
  if (Number.isNaN(liveHeapMib())) {
    console.error("Cannot judge the heap: start with --v8-flags=--expose-gc, as the task does");
    return 1;
  }
  const broken = await makePresentBinary();
  if (broken !== undefined) {
    console.error(broken);
    return 1;
  }
  const collected = Number(flags.collected ?? 0);
  const checks: Check[] = [];
  const report = (found: readonly Check[]) => found.forEach((check) => checks.push(show(check)));
  cleanUpOnSignals();
  try {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
    console.log(`${SIMULATED_PHONES} phones for ${SIMULATED_DAYS} simulated days, seed ${seed}`);
    const days = { days: SIMULATED_DAYS, phones: SIMULATED_PHONES, seed, heapBytes };
    report(checkDays(playDays(days)));
    if (collected > 0) {
      console.log(`${CALLS} fast calls for ${collected} minutes, all garbage collected`);
      report(await runLiveSoak({ program: "collecting", minutes: collected, calls: CALLS }));
    }
    console.log(`${CALLS} calls for ${minutes} minutes`);
    report(await runLiveSoak({ program: "binary", minutes, calls: CALLS }));
  } finally {
    if (checks.some(({ verdict }) => verdict === "failed")) keepWorkDirectory();
    await cleanUp();
  }
  const failed = checks.filter(({ verdict }) => verdict === "failed").length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 && checks.length > 0 ? 0 : 1;
}

/** What is in use after a full collection. */
function heapBytes(): number {
  return liveHeapMib() * 1_048_576;
}

function show(check: Check): Check {
  console.log(`${check.verdict === "passed" ? "ok  " : "FAIL"} ${check.name}: ${check.figures}`);
  return check;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

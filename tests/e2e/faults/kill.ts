/** kill -9 of the process at random moments while phones register: at most the last second is lost, no file is torn. */

import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll, sleep } from "../support/command.ts";
import { type FaultBench, mustServe, openBench, RETURN_TIMEOUT_MS } from "./fault_bench.ts";
import { readRecords } from "./record_file.ts";
import { FileWatch } from "./file_watch.ts";
import { RegisterLoad } from "./register_load.ts";

/** Times that the process is killed. */
const KILLS = 50;

/** How long phones have registered before: from within the first save to some seconds. */
const LOAD_MS = { shortest: 100, longest: 2_500 } as const;

/** What may be lost. */
const LOSS_MS = 1_000;

/**
 * Waits between a 200 and the disk (journal, message, save, some calls of the file system), each of which is late on a
 * machine that is late: what this process's own timer was late by in the same seconds is allowed for each. On a quiet
 * machine that is next to nothing.
 */
const LATE_STEPS = 10;

/** Phones that are called by name after each start. */
const ASKED_PHONES = 3;

interface KillBench extends FaultBench {
  readonly load: RegisterLoad;
  readonly watch: FileWatch;
}

async function setUp(): Promise<KillBench> {
  const bench = await openBench({ name: "kill", phones: 1 });
  const load = new RegisterLoad(bench.provider);
  return { ...bench, load, watch: new FileWatch(bench.registrationFile) };
}

async function tearDown(bench: KillBench): Promise<void> {
  bench.watch.close();
  bench.load.close();
  await bench.close();
}

/** One kill; gives the age of the youngest registration that was lost, or of the oldest if more are. */
async function killOnce(bench: KillBench, index: number): Promise<number> {
  const { load, daemon, watch } = bench;
  watch.restartLag();
  load.start();
  await sleep(LOAD_MS.shortest + (LOAD_MS.longest - LOAD_MS.shortest) * Math.random());
  const allowedMs = LOSS_MS + LATE_STEPS * watch.lagMs;
  const killedAtMs = performance.now();
  await daemon.kill();
  await load.stop();
  const kept = await keptUsers(bench);
  const lost = load.known().filter(({ user, atMs }) => atMs < killedAtMs && !kept.has(user));
  const oldestMs = Math.max(0, ...lost.map(({ atMs }) => killedAtMs - atMs));
  assert.ok(
    oldestMs <= allowedMs,
    `kill ${index}: a registration of ${oldestMs.toFixed(0)} ms before is lost, allowed ` +
      `${allowedMs.toFixed(0)} ms`,
  );
  await daemon.restart();
  for (const user of load.pick(kept, ASKED_PHONES)) await mustAnswer(bench, user);
  load.forget(kept);
  return oldestMs;
}

/** Nothing is kept before the first save; the watch sees to it that the file never goes away afterwards. */
async function keptUsers(bench: KillBench): Promise<ReadonlySet<string>> {
  const text = await Deno.readTextFile(bench.registrationFile).catch(() => undefined);
  const records = text === undefined ? [] : readRecords(text);
  return new Set(records.map(({ user }) => user));
}

async function mustAnswer(bench: KillBench, user: string): Promise<void> {
  const contact = bench.provider.bindings.get(user)?.contact ?? "";
  await poll(
    async () => await bench.provider.ask(contact, 2_000) === 200 ? true : undefined,
    { what: `an answer of ${user} after the start`, timeoutMs: RETURN_TIMEOUT_MS },
  );
}

async function killAgainAndAgain(bench: KillBench): Promise<void> {
  const losses: number[] = [];
  for (let index = 1; index <= KILLS; index++) losses.push(await killOnce(bench, index));
  const late = losses.filter((lossMs) => lossMs > LOSS_MS).length;
  const { reads, problems } = bench.watch;
  assert.deepEqual(problems, []);
  assert.ok(reads > 10 * KILLS, `${reads} looks at the file`);
  const worstMs = Math.max(...losses);
  console.log(
    `     ${bench.load.total} registrations; the oldest that was lost was ${
      worstMs.toFixed(0)
    } ms ` +
      `old (${late} of ${KILLS} kills allowed for a busy machine); the file was whole in ${reads} of ${reads} looks`,
  );
  await mustServe(bench, "after all");
}

/** Kills. */
export const KILL_SUITE: Suite = defineSuite<KillBench>({
  name: "kill -9",
  setUp,
  tearDown,
  cases: [{
    name:
      `at ${KILLS} random moments under load: at most the last second is lost, the file is always whole`,
    timeoutMs: 10 * 60_000,
    run: killAgainAndAgain,
  }],
});

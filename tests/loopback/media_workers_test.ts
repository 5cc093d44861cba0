import { deepStrictEqual, ok } from "node:assert/strict";
import { PROCESS_LAN, PROCESS_WAN } from "../support/process_place.ts";
import { type LoopbackDaemon, startLoopbackDaemon } from "../support/loopback_daemon.ts";
import {
  type BenchCall,
  call,
  sendMedia,
  sendUntilHeard,
  type Way,
} from "../directives/bench_call.ts";
import { PATIENCE_MS, SILENCE_MS, SipBench } from "../directives/directive_bench.ts";
import type { IsolateModules } from "../../src/shell/supervisor/isolate_kinds.ts";
import { becomes } from "../directives/own_daemon.ts";

/** Watchdog of the tests: five silent questions are a second. */
const PING_INTERVAL_MS = 200;

/** Streams of the first isolate at which the second one is wanted. */
const MANY_CALLS = 32;

/** Attempts of an isolate to break out. */
const JAIL_ATTEMPTS = 9;

/** A daemon with two media isolates, which are both there, and its peers. */
async function startTwo(modules: Partial<IsolateModules> = {}) {
  const daemon = await startLoopbackDaemon({
    lines: [`if_inbound = ${PROCESS_LAN}`, `if_outbound = ${PROCESS_WAN}`, "media_workers = 2"],
    modules,
  });
  const at = (hostname: string) => ({ hostname, port: daemon.lan.port });
  const bench = new SipBench({ lan: at(PROCESS_LAN), wan: at(PROCESS_WAN) });
  const probe = async () => (await daemon.supervisor.probeJail()).media;
  const areThere = async () => (await probe())?.length === 2 * JAIL_ATTEMPTS;
  ok(await becomes(areThere, 3 * PATIENCE_MS), "the isolates do not start");
  return { daemon, bench, probe };
}

/** The second one has a bug. */
async function startMortal(fault: "throw" | "hang") {
  return await startTwo({
    media: import.meta.resolve(`../support/mortal_media_worker.ts?${fault}`),
    pingIntervalMs: PING_INTERVAL_MS,
  });
}

/** Which isolate relays a call. */
function workerOfCall({ told }: BenchCall): number {
  return told.provider.port / 2 % 2;
}

/** Whether a call has audio both ways. */
async function isHeard(one: BenchCall, patienceMs = PATIENCE_MS): Promise<boolean> {
  for (const way of ["in", "out"] satisfies Way[]) {
    if (patienceMs === PATIENCE_MS) await sendUntilHeard(one, way);
    if (await sendMedia(one, { way, patienceMs }) === undefined) return false;
  }
  return true;
}

function events(daemon: LoopbackDaemon): readonly string[] {
  return daemon.logs.filter(({ event }) => event === "isolate.lost").map(({ text = "" }) =>
    text.replace(/;.*/, "")
  );
}

const LOSSES = {
  throw: "The media isolate 2 died: Uncaught Error: injected throw",
  hang: "The media isolate 2 hangs: no answer to 5 questions",
} as const;

for (const fault of ["throw", "hang"] as const) {
  Deno.test(`a media isolate that meets a ${fault} takes its own calls along, and no others`, async () => {
    const { daemon, bench } = await startMortal(fault);
    const calls = [await call(bench), await call(bench)];
    const survivor = calls.find((one) => workerOfCall(one) === 0);
    const victim = calls.find((one) => workerOfCall(one) === 1);
    ok(survivor !== undefined && victim !== undefined, "both calls are of one isolate");
    deepStrictEqual([await isHeard(survivor), await isHeard(victim)], [true, true]);
    const asked = daemon.supervisor.statistics();
    ok(await becomes(() => events(daemon).length > 0, PATIENCE_MS), "nobody noticed");
    // Before its successor is there, and after.
    deepStrictEqual([await isHeard(survivor), await isHeard(victim, SILENCE_MS)], [true, false]);
    const later = [await call(bench), await call(bench)];
    for (const one of later) ok(await isHeard(one), "a later call is not heard");
    deepStrictEqual(await isHeard(survivor), true);
    await asked;
    for (const one of [...calls, ...later]) one.close();
    await daemon.supervisor.stop();
    bench.closePeers();
    deepStrictEqual(events(daemon).map((text) => text.replace(/ \d+ questions/, " 5 questions")), [
      LOSSES[fault],
    ]);
  });
}

Deno.test("two media isolates are asked as if they were one, and their calls end as any others", async () => {
  const { daemon, bench, probe } = await startTwo();
  const calls = [await call(bench), await call(bench), await call(bench), await call(bench)];
  for (const one of calls) deepStrictEqual(await isHeard(one), true);
  const { media } = await daemon.supervisor.statistics();
  const jail = await probe();
  for (const one of calls) one.close();
  await daemon.supervisor.stop();
  bench.closePeers();
  deepStrictEqual(calls.map(workerOfCall).toSorted(), [0, 0, 1, 1]);
  deepStrictEqual([media?.workers, media?.live.length, media?.totals.streams], [2, 4, 4]);
  ok((media?.totals.packets ?? 0) >= 16, `${media?.totals.packets} packets`);
  deepStrictEqual([jail?.length, new Set(jail?.map(({ verdict }) => verdict))], [
    2 * JAIL_ATTEMPTS,
    new Set(["refused"]),
  ]);
});

Deno.test("a second media isolate comes by itself when there are many calls, where cores and ports are", async () => {
  const daemon = await startLoopbackDaemon({
    lines: [`if_inbound = ${PROCESS_LAN}`, `if_outbound = ${PROCESS_WAN}`],
    mediaPorts: 256,
    cores: 4,
  });
  const at = (hostname: string) => ({ hostname, port: daemon.lan.port });
  const bench = new SipBench({ lan: at(PROCESS_LAN), wan: at(PROCESS_WAN) });
  const workers = async () => (await daemon.supervisor.statistics()).media?.workers;
  const calls: BenchCall[] = [];
  const callOnce = async () => {
    const one = await call(bench);
    calls.push(one);
    return one;
  };
  while (calls.length < MANY_CALLS - 1) await callOnce();
  deepStrictEqual(await workers(), 1);
  await callOnce();
  ok(await becomes(async () => await workers() === 2, 3 * PATIENCE_MS), "no second isolate");
  const later = await callOnce();
  deepStrictEqual([workerOfCall(later), await isHeard(later)], [1, true]);
  for (const one of calls) one.close();
  await daemon.supervisor.stop();
  bench.closePeers();
  deepStrictEqual(new Set(calls.slice(0, -1).map(workerOfCall)), new Set([0]));
});

/** The process stands still, and the wires of either side go down and come back, while calls are up. */

import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { sleep } from "../support/command.ts";
import {
  type FaultBench,
  type FaultCall,
  inRouter,
  mustCall,
  mustHangUp,
  mustHear,
  mustReach,
  mustRegister,
  mustServe,
  openBench,
  phoneAt,
} from "./fault_bench.ts";
import { LINKS, PLACES } from "./places.ts";

/** Length of a fault: longer than the daemon's period of looking at its interfaces. */
const FAULT_MS = 5_000;

/** Longest a REGISTER takes that was sent while the process stood still: its repetitions come each 4 s. */
const LATE_REGISTER_MS = 20_000;

const PHONES = 3;

/** Two calls, one of each direction. */
async function startCalls(bench: FaultBench): Promise<readonly FaultCall[]> {
  const calls = [
    await mustCall(bench, { phone: phoneAt(bench, 0), direction: "out" }),
    await mustCall(bench, { phone: phoneAt(bench, 1), direction: "in" }),
  ];
  for (const call of calls) await mustHear(call, "before the fault");
  for (const leg of calls.flatMap(({ phone, far }) => [phone, far])) leg.rtp.takeLongestGapMs();
  return calls;
}

async function mustGoOn(
  bench: FaultBench,
  { calls, what }: { readonly calls: readonly FaultCall[]; readonly what: string },
): Promise<void> {
  for (const call of calls) await mustHear(call, what);
  const gapsMs = calls.flatMap(({ phone, far }) => [phone, far])
    .map((leg) => leg.rtp.takeLongestGapMs());
  assert.ok(gapsMs.every((gapMs) => gapMs > FAULT_MS / 2), `it was no fault: ${gapsMs.join()}`);
  for (const phone of bench.phones) await mustReach(bench, phone);
  for (const call of calls) await mustHangUp(call);
  await mustServe(bench, what);
  assert.doesNotMatch(await bench.daemon.log(), /isolate.*(died|hangs)|sip\.bug/);
}

async function standStill(bench: FaultBench): Promise<void> {
  const calls = await startCalls(bench);
  const { process } = bench.daemon;
  process.signal("SIGSTOP");
  const registering = mustRegister(phoneAt(bench, 2), LATE_REGISTER_MS);
  try {
    await sleep(FAULT_MS);
  } finally {
    process.signal("SIGCONT");
  }
  await registering;
  await mustGoOn(bench, { calls, what: "after SIGCONT" });
}

function linkDown(side: "lan" | "wan") {
  return async (bench: FaultBench): Promise<void> => {
    const calls = await startCalls(bench);
    await inRouter(`link set ${LINKS[side]} down`);
    await sleep(FAULT_MS);
    await inRouter(`link set ${LINKS[side]} up`);
    if (side === "wan") await inRouter(`route add default via ${PLACES.far}`);
    // Either the fault is over before anybody registers, or a phone tries again, as phones do.
    await mustRegister(phoneAt(bench, 2), LATE_REGISTER_MS);
    await mustGoOn(bench, { calls, what: `after ${LINKS[side]} is up again` });
  };
}

/** Interruptions. */
export const LINK_SUITE: Suite = defineSuite<FaultBench>({
  name: "interruptions",
  setUp: () => openBench({ name: "links", phones: PHONES }),
  tearDown: (bench) => bench.close(),
  cases: [
    {
      name: "SIGSTOP for 5 s, SIGCONT: calls, registrations and new calls go on",
      timeoutMs: 120_000,
      run: standStill,
    },
    {
      name: "Internet side down for 5 s: calls, registrations and new calls go on",
      timeoutMs: 120_000,
      run: linkDown("wan"),
    },
    {
      name: "phones' side down for 5 s: calls, registrations and new calls go on",
      timeoutMs: 120_000,
      run: linkDown("lan"),
    },
  ],
});

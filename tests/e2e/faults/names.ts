/** The name server is dead: who asks for no name notices nothing, who asks is told in time, later all names are back. */

import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { startNameServer } from "../support/name_server.ts";
import type { ManagedProcess } from "../support/process.ts";
import {
  type FaultBench,
  mustCall,
  mustHangUp,
  mustHear,
  mustReach,
  mustRegister,
  mustServe,
  openBench,
  phoneAt,
  RETURN_TIMEOUT_MS,
} from "./fault_bench.ts";
import { PLACES, SIP_PORT } from "./places.ts";

interface NameBench extends FaultBench {
  readonly nameServer: ManagedProcess;
}

/** Longest time until somebody who asked for a name is answered: the daemon waits for six seconds at most. */
const TOLD_TIMEOUT_MS = 20_000;

/** Answers for numeric targets beside it: half a second is one repetition of a lost datagram. */
const UNDISTURBED_MS = 5_000;

/** How long a name that failed is not asked for again, with room. */
const NAMES_BACK_TIMEOUT_MS = 60_000;

function startNames(): Promise<ManagedProcess> {
  const names = { "provider.test": PLACES.far, "other.test": PLACES.far };
  // The peers' namespace is the tests' own.
  return startNameServer({ address: PLACES.far, names });
}

async function setUp(): Promise<NameBench> {
  const nameServer = await startNames();
  return { ...await openBench({ name: "names", phones: 2 }), nameServer };
}

async function tearDown(bench: NameBench): Promise<void> {
  await bench.close();
  await bench.nameServer.stop("SIGKILL");
}

async function nameServerDies(bench: NameBench): Promise<void> {
  const [caller, other] = [phoneAt(bench, 0), phoneAt(bench, 1)];
  assert.equal(await caller.ask(`sip:far@provider.test:${SIP_PORT}`), 200);
  const call = await mustCall(bench, { phone: caller, direction: "out" });
  await bench.nameServer.kill();
  const startMs = performance.now();
  const asking = caller.ask(`sip:far@other.test:${SIP_PORT}`, TOLD_TIMEOUT_MS);
  const tookMs: number[] = [];
  for (let n = 0; n < 20; n++) {
    const beginMs = performance.now();
    assert.equal(await other.ask(`sip:far@${PLACES.far}:${SIP_PORT}`, UNDISTURBED_MS), 200);
    tookMs.push(performance.now() - beginMs);
  }
  await mustHear(call, "while the name server is dead");
  await mustRegister(other, UNDISTURBED_MS);
  await mustReach(bench, other);
  // 504, never 404, after which phones would stop to register.
  assert.equal(await asking, 504);
  console.log(
    `     told after ${Math.round(performance.now() - startMs)} ms; others waited for ` +
      `${Math.max(...tookMs).toFixed(1)} ms at most meanwhile`,
  );
  await mustHangUp(call);
  const again = await startNames();
  try {
    await poll(
      async () =>
        await caller.ask(`sip:far@other.test:${SIP_PORT}`, RETURN_TIMEOUT_MS) === 200
          ? true
          : undefined,
      { what: "the name again", timeoutMs: NAMES_BACK_TIMEOUT_MS, intervalMs: 500 },
    );
    await mustServe(bench, "after the name server's return");
  } finally {
    await again.stop("SIGKILL");
  }
}

/** A dead name server. */
export const NAME_SUITE: Suite = defineSuite<NameBench>({
  name: "name server",
  setUp,
  tearDown,
  cases: [{
    name: "dead: calls and registrations by number go on, a name gets 504, later 200 again",
    timeoutMs: 150_000,
    run: nameServerDies,
  }],
});

/**
 * A bug kills the signalling isolate of the compiled daemon.
 *
 * The bug is in a plugin of the plugin folder, whose code runs in that isolate: what its hooks throw is caught, but what
 * it throws behind their back, from a callback of its own, ends the isolate as any bug of the daemon would. The media
 * isolate runs no foreign code; its death is tested from source (tests/loopback/isolates_test.ts). Called by inside.ts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { makeDirectory } from "../support/work_directory.ts";
import {
  type FaultBench,
  mustCall,
  mustHangUp,
  mustHear,
  mustReach,
  mustSay,
  mustServe,
  openBench,
  phoneAt,
} from "./fault_bench.ts";
import { PLACES, SIP_PORT } from "./places.ts";

/** Whom to ask for, so that the isolate dies. */
const VICTIM = "fatal-bug";

const BUG = `
export const plugin = {
  name: "bug", apiVersion: 1, description: "Dies of a request", options: {},
  setup: () => ({
    determineTarget(event) {
      if (event.message.requestUri.includes("${VICTIM}")) {
        queueMicrotask(() => { throw new Error("injected bug"); });
      }
      return { kind: "continue" };
    },
  }),
};
`;

/** How often, one after the other: the wait before a replacement grows when an isolate keeps dying. */
const DEATHS = 3;

/** Longest silence of a call meanwhile: media pass through another isolate, so that only a busy machine is heard. */
const LONGEST_GAP_MS = 2_000;

async function setUp(): Promise<FaultBench> {
  const plugindir = await makeDirectory("plugindir-bug");
  await Deno.writeTextFile(`${plugindir}/bug.js`, BUG);
  return await openBench({
    name: "isolate",
    phones: 3,
    directives: { plugindir, load_plugin: "bug" },
  });
}

async function isolateDies(bench: FaultBench): Promise<void> {
  await mustSay(bench, /Plugin 'bug' .*loaded with success/);
  const call = await mustCall(bench, { phone: phoneAt(bench, 0), direction: "out" });
  await mustHear(call, "before the bug");
  for (const leg of [call.phone, call.far]) leg.rtp.takeLongestGapMs();
  for (let death = 1; death <= DEATHS; death++) {
    // The repetitions of an unanswered request would kill the successor as well: it is sent once.
    void phoneAt(bench, 1).ask(`sip:${VICTIM}@${PLACES.far}:${SIP_PORT}`, 400);
    await poll(async () => {
      const lost = (await bench.daemon.log()).match(/The signalling isolate died/g) ?? [];
      return lost.length >= death ? true : undefined;
    }, { what: `death ${death} of the isolate`, timeoutMs: 10_000 });
    for (const phone of bench.phones) await mustReach(bench, phone);
  }
  await mustHear(call, "after the bug");
  const gaps = [call.phone, call.far].map((leg) => leg.rtp.takeLongestGapMs());
  console.log(`     longest silence of the call ${Math.max(...gaps).toFixed(0)} ms`);
  assert.ok(gaps.every((gapMs) => gapMs < LONGEST_GAP_MS), gaps.join());
  await mustHangUp(call);
  await mustServe(bench, "after the bug");
  const log = await bench.daemon.log();
  assert.match(log, /injected bug/);
  assert.equal(bench.daemon.process.running, true);
}

/** An isolate dies. */
export const ISOLATE_SUITE: Suite = defineSuite<FaultBench>({
  name: "isolate",
  setUp,
  tearDown: (bench) => bench.close(),
  cases: [{
    name: `killed by a bug ${DEATHS} times: the call keeps its audio, every phone stays reachable`,
    timeoutMs: 150_000,
    run: isolateDies,
  }],
});

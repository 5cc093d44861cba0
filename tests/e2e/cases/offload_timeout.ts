/**
 * Calls in the kernel whose phones fall silent: rtp_timeout ends them, though the daemon sees no packet of theirs.
 *
 * The range of media ports has two pairs, so that a third call tells whether those of the silent one are free again.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { numberField } from "../support/json.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, createTopology, type Topology } from "../support/namespace.ts";
import { allBooks, booksOf, withPair } from "../support/numbered_pair.ts";
import {
  assertNear,
  elementsInKernel,
  type Place,
  relayedPackets,
  turnForwardingOn,
  waitForKernel,
  waitForNothing,
} from "../support/offload.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";

interface Bench extends Place {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
}

const TIMEOUT_SECONDS = 6;

/** Longer than the time-out, with the tenth of it between two looks at the counters and a second for the look at it. */
const SILENT_MS = 20_000;

async function setUp(): Promise<Bench> {
  const topology = await createTopology("proxy");
  await turnForwardingOn(topology.rtr);
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const range = { rtp_port_low: 20_000, rtp_port_high: 20_003 };
  const directives = { media_offload: "nftables", rtp_timeout: TIMEOUT_SECONDS, ...range };
  const proxy = await startRouterProxy(topology, { name: "offload-timeout", directives });
  return { topology, router: topology.rtr, provider, proxy };
}

async function tearDown({ topology, provider, proxy }: Bench): Promise<void> {
  await proxy.stop();
  await provider.stop();
  await topology.remove();
}

const CASES: readonly Case<Bench>[] = [{
  name: "one that falls silent ends after rtp_timeout and is counted, one that does not goes on",
  timeoutMs: 90_000,
  run: async (bench) => {
    const before = await relayedPackets(bench);
    const deed = { name: "silence", count: SILENT_MS, paceMs: 20 } as const;
    await withPair({ bench, deed }, async ({ caller, callee }) => {
      await waitForKernel(bench, 2);
      const { silenced, ...silent } = await booksOf(caller, {
        word: "silenced",
        timeoutMs: 20_000,
      });
      const silencedAtMs = performance.now();
      assert.equal(await elementsInKernel(bench.router), 4);
      await bench.proxy.process.waitForLog(
        new RegExp(`RTP stream ${String(silenced)} \\(media=0\\) has expired`),
        SILENT_MS,
      );
      const tookMs = performance.now() - silencedAtMs;
      console.log(`     ended after ${(tookMs / 1000).toFixed(1)} s of silence`);
      assert.ok(tookMs >= (TIMEOUT_SECONDS - 1) * 1000, `${tookMs} ms`);
      await poll(async () => await elementsInKernel(bench.router) === 2 ? true : undefined, {
        what: "the elements of the silent call gone, those of the other one there",
        timeoutMs: 10_000,
      });
      await waitForKernel(bench, 1);
      await booksOf(caller, { word: "third", timeoutMs: 40_000 });
      await waitForKernel(bench, 2);
      await booksOf(caller, { word: "done", timeoutMs: 20_000 });
      await waitForNothing(bench.router);
      const log = await bench.proxy.process.log();
      assert.equal(log.match(/has expired/g)?.length, 1);
      const near = [silent, ...await allBooks(caller, "heard")];
      const far = await allBooks(callee, "ended");
      assert.equal(near.length, 3);
      // The call that went on did so all the time.
      assert.ok(numberField(near[1] ?? {}, "received") > SILENT_MS / 20 * 0.8);
      const sum = (field: string) =>
        near.reduce((total, books) => total + numberField(books, field), 0);
      const after = await relayedPackets(bench);
      assertNear(after.fromPhones - before.fromPhones, sum("sent"));
      assertNear(after.fromInternet - before.fromInternet, sum("received"));
      assert.ok(far.length >= 2, `${far.length} calls ended by a BYE`);
    });
  },
}];

/** Time-outs of calls in the kernel. */
export const OFFLOAD_TIMEOUT_SUITE: Suite = defineSuite({
  name: "offload time-out",
  setUp,
  tearDown,
  cases: CASES,
});

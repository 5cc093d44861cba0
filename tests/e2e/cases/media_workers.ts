/**
 * Media on two cores: calls are divided among the isolates, and nobody hears it.
 *
 * Alice and bob are phones on the LAN, carol one on the Internet; neighbouring pairs of ports are of different isolates.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll, sleep } from "../support/command.ts";
import { isRecord, numberField } from "../support/json.ts";
import { statusOf } from "../support/nft.ts";
import { allBooks, booksOf, withPair } from "../support/numbered_pair.ts";
import {
  assertNear,
  kernelStreams,
  relayedPackets,
  streamsOf,
  waitForKernel,
  waitForNothing,
} from "../support/offload.ts";
import {
  callBob,
  callCarol,
  closeOffloadBench,
  holdAndResume,
  type OffloadBench,
  openOffloadBench,
} from "../support/offload_phones.ts";

const WORKERS = 2;
/** Of ten pairs that the range has. */
const CALLS = 8;
const TALK_MS = 6_000;
const PACE_MS = 40;

/** Streams that each isolate relays, by their ports; the status knows of a call a moment after its phones. */
async function streamsByWorker(bench: OffloadBench, all: number): Promise<readonly number[]> {
  const streams = await poll(async () => {
    const now = await streamsOf(bench);
    return now.length === all ? now : undefined;
  }, { what: `${all} streams`, timeoutMs: 10_000 });
  return [0, 1].map((worker) =>
    streams.filter(({ fromPhone }) => fromPhone.port / 2 % WORKERS === worker).length
  );
}

/** Makes the calls; every one is heard, each isolate has half of them, and the status counts all. */
async function manyCalls(bench: OffloadBench, meanwhile: () => Promise<void>): Promise<void> {
  const before = await relayedPackets(bench);
  const deed = { name: "many", count: CALLS, paceMs: PACE_MS, talkMs: TALK_MS } as const;
  await withPair({ bench, deed }, async ({ caller, callee }) => {
    await caller.waitForLog(/"up"/, 30_000);
    assert.deepEqual(await streamsByWorker(bench, CALLS), [CALLS / WORKERS, CALLS / WORKERS]);
    await meanwhile();
    const { received } = await booksOf(caller, { word: "done", timeoutMs: 40_000 });
    assert.ok(Number(received) > TALK_MS / PACE_MS * 0.8, `a call heard ${received} packets`);
    const far = await poll(async () => {
      const books = await allBooks(callee, "ended");
      return books.length === CALLS ? books : undefined;
    }, { what: "the end of all calls", timeoutMs: 10_000 });
    const heard = far.map((books) => numberField(books, "received"));
    assert.ok(Math.min(...heard) > TALK_MS / PACE_MS * 0.8, heard.join());
    const { media } = await statusOf(bench.proxy, bench.router);
    const after = await relayedPackets(bench);
    assertNear(after.fromPhones - before.fromPhones, heard.reduce((sum, one) => sum + one, 0));
    assert.deepEqual(
      isRecord(media) && [numberField(media, "workers"), numberField(media, "activeStreams")],
      [WORKERS, 0],
    );
  });
}

const CASES: readonly Case<OffloadBench>[] = [
  {
    name: `${CALLS} calls at once are shared evenly, all are heard, and the status adds up`,
    timeoutMs: 90_000,
    run: (bench) => manyCalls(bench, () => Promise.resolve()),
  },
  {
    name: "calls of phones have audio both ways, one after the other on both isolates",
    timeoutMs: 90_000,
    run: async (bench) => {
      const seen: (readonly number[])[] = [];
      // The other isolate is chosen while a call is up on one.
      const deed = { name: "many", count: 1, paceMs: PACE_MS, talkMs: 15_000 } as const;
      await callCarol(bench, async () => void seen.push(await streamsByWorker(bench, 1)));
      await withPair({ bench, deed }, async ({ caller }) => {
        await caller.waitForLog(/"up"/, 30_000);
        await callCarol(bench, async () => void seen.push(await streamsByWorker(bench, 2)));
        await booksOf(caller, { word: "done", timeoutMs: 40_000 });
      });
      assert.deepEqual(seen, [[1, 0], [1, 1]]);
    },
  },
  {
    name: "hold and resume",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await bench.phones.alice.command("hold");
        await sleep(2000);
        await bench.phones.alice.command("resume");
        await sleep(1000);
      });
    },
  },
  {
    name: "both legs of a local call are of one isolate, and are heard",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callBob(bench, async () => {
        assert.deepEqual((await streamsByWorker(bench, 2)).toSorted(), [0, 2]);
      });
    },
  },
];

const KERNEL_CASES: readonly Case<OffloadBench>[] = [
  {
    name: "the kernel gets the calls of both isolates, and nothing is left behind",
    timeoutMs: 90_000,
    run: async (bench) => {
      await manyCalls(bench, () => waitForKernel(bench, CALLS));
      await waitForNothing(bench.router);
    },
  },
  {
    name: "hold takes the media back, resume hands it over again",
    timeoutMs: 60_000,
    run: holdAndResume,
  },
  {
    name: "a local call is relayed by the kernel",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callBob(bench, async () => {
        await poll(async () => await kernelStreams(bench) > 0 ? true : undefined, {
          what: "a local call in the kernel",
          timeoutMs: 10_000,
        });
      });
      await waitForNothing(bench.router);
    },
  },
];

/** Two media isolates. */
export const MEDIA_WORKERS_SUITE: Suite = defineSuite({
  name: "media workers",
  setUp: () => openOffloadBench({ media_workers: WORKERS, media_offload: "off" }),
  tearDown: closeOffloadBench,
  cases: CASES,
});

/** The same with media in the kernel. */
export const OFFLOAD_WORKERS_SUITE: Suite = defineSuite({
  name: "offload media workers",
  setUp: () => openOffloadBench({ media_workers: WORKERS }),
  tearDown: closeOffloadBench,
  cases: KERNEL_CASES,
});

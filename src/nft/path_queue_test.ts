import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outgoingPath, outgoingPath6, reversePath } from "../../tests/support/media_paths.ts";
import type { MediaPath } from "../base/media_path.ts";
import { PathLedger } from "./path_ledger.ts";
import { type NextBatch, PathQueue } from "./path_queue.ts";

const nothing = (): boolean => false;

/** A queue in which paths wait, numbered from 1. */
function waiting(...paths: readonly MediaPath[]): PathQueue {
  const queue = new PathQueue();
  for (const [index, path] of paths.entries()) queue.offer({ pathId: index + 1, path });
  return queue;
}

function ids({ batch, refused, isHeldUp }: NextBatch) {
  return { batch: batch.map(({ pathId }) => pathId), refused, isHeldUp };
}

const NONE = { batch: [], refused: [], isHeldUp: false };

Deno.test("PathQueue.nextWaiting() takes a call's directions together, and notes them", () => {
  const ledger = new PathLedger();
  const queue = waiting(outgoingPath(), reversePath(outgoingPath()));
  deepStrictEqual(ids(queue.nextWaiting(ledger, nothing)), { ...NONE, batch: [1, 2] });
  deepStrictEqual(ids(queue.nextWaiting(ledger, nothing)), NONE);
  strictEqual(ledger.size, 2);
});

Deno.test("PathQueue.nextWaiting() makes batches of one family and of bounded size", () => {
  const paths = Array.from({ length: 45 }, (_, number) => outgoingPath(number));
  const queue = waiting(paths[0] ?? outgoingPath(), outgoingPath6(), ...paths.slice(1));
  const ledger = new PathLedger();
  const sizes = [1, 2, 3].map(() => queue.nextWaiting(ledger, nothing).batch.length);
  deepStrictEqual(sizes, [40, 1, 5]);
});

Deno.test("PathQueue.nextWaiting() refuses what the kernel has already, and what is blocked", () => {
  const ledger = new PathLedger();
  ledger.add({ pathId: 9, path: outgoingPath() });
  const queue = waiting(outgoingPath(), outgoingPath(1), outgoingPath(2));
  const next = queue.nextWaiting(ledger, ({ source }) => source.port === 4004);
  deepStrictEqual(ids(next), { batch: [3], refused: [1, 2], isHeldUp: false });
});

Deno.test("PathQueue.nextWaiting() lets a path wait for its forerunner's end", () => {
  const ledger = new PathLedger();
  ledger.add({ pathId: 9, path: outgoingPath() });
  ledger.unhook(9);
  const queue = waiting(outgoingPath());
  deepStrictEqual(ids(queue.nextWaiting(ledger, nothing)), { ...NONE, isHeldUp: true });
  ledger.forget(9);
  deepStrictEqual(ids(queue.nextWaiting(ledger, nothing)), { ...NONE, batch: [1] });
});

Deno.test("PathQueue.withdraw() takes back what waits, and only that", () => {
  const queue = waiting(outgoingPath());
  strictEqual(queue.withdraw(1), true);
  strictEqual(queue.withdraw(1), false);
  deepStrictEqual(ids(queue.nextWaiting(new PathLedger(), nothing)), NONE);
});

Deno.test("PathQueue.nextLeaving() takes what the kernel has, each once, one family at a time", () => {
  const ledger = new PathLedger();
  ledger.add({ pathId: 1, path: outgoingPath() });
  ledger.add({ pathId: 2, path: outgoingPath6() });
  ledger.add({ pathId: 3, path: outgoingPath(1) });
  ledger.add({ pathId: 4, path: outgoingPath(2) });
  ledger.unhook(4);
  const queue = new PathQueue();
  queue.leave([1, 2, 1, 3, 4, 77]);
  const batches = [1, 2, 3].map(() => queue.nextLeaving(ledger).map(({ pathId }) => pathId));
  deepStrictEqual(batches, [[1, 3], [2], []]);
});

Deno.test("PathQueue.nextLeaving() makes batches of bounded size", () => {
  const ledger = new PathLedger();
  const pathIds = Array.from({ length: 45 }, (_, number) => number);
  for (const pathId of pathIds) ledger.add({ pathId, path: outgoingPath(pathId) });
  const queue = new PathQueue();
  queue.leave(pathIds);
  deepStrictEqual([queue.nextLeaving(ledger).length, queue.nextLeaving(ledger).length], [40, 5]);
});

Deno.test("PathQueue.clear() forgets both directions", () => {
  const ledger = new PathLedger();
  ledger.add({ pathId: 9, path: outgoingPath(1) });
  const queue = waiting(outgoingPath());
  queue.leave([9]);
  queue.clear();
  deepStrictEqual(queue.nextLeaving(ledger), []);
  deepStrictEqual(ids(queue.nextWaiting(ledger, nothing)), NONE);
});

Deno.test("PathQueue.offer() takes no more than the ports of a machine", () => {
  const queue = new PathQueue();
  const path = outgoingPath();
  for (let pathId = 0; pathId < 65_536; pathId++) queue.offer({ pathId, path });
  strictEqual(queue.offer({ pathId: -1, path }), false);
});

Deno.test("PathQueue.withdrawAll() takes back those that are meant", () => {
  const queue = new PathQueue();
  const path = outgoingPath();
  for (const pathId of [1, 2, 3]) queue.offer({ pathId, path });
  queue.withdrawAll((pathId) => pathId !== 2);
  deepStrictEqual([1, 2, 3].map((pathId) => queue.withdraw(pathId)), [false, true, false]);
});

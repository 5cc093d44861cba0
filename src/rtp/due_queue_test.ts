import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { seededRandom } from "../../tests/support/seeded_random.ts";
import { DueQueue } from "./due_queue.ts";

function filled(dues: readonly number[]): DueQueue<string> {
  const queue = new DueQueue<string>();
  for (const [index, dueMs] of dues.entries()) queue.put(`${dueMs}.${index}`, dueMs);
  return queue;
}

function takeAll(queue: DueQueue<string>): readonly string[] {
  const taken: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
  return taken;
}

Deno.test("DueQueue.take() gives the earliest first, of equals the one put first", () => {
  const table: readonly (readonly [readonly number[], readonly string[]])[] = [
    [[], []],
    [[5], ["5.0"]],
    [[1, 2, 3], ["1.0", "2.1", "3.2"]],
    [[3, 2, 1], ["1.2", "2.1", "3.0"]],
    [[7, 7, 7, 7, 7], ["7.0", "7.1", "7.2", "7.3", "7.4"]],
    [[2, 1, 2, 1, 2], ["1.1", "1.3", "2.0", "2.2", "2.4"]],
  ];
  for (const [dues, order] of table) deepStrictEqual(takeAll(filled(dues)), order);
});

Deno.test("DueQueue keeps the order of a sort over thousands of puts and takes", () => {
  const random = seededRandom(3);
  const queue = new DueQueue<number>();
  const waiting: number[] = [];
  for (let step = 0; step < 5000; step++) {
    if (random() < 0.6) {
      const dueMs = Math.floor(random() * 1000);
      queue.put(dueMs, dueMs);
      waiting.push(dueMs);
      continue;
    }
    waiting.sort((left, right) => left - right);
    strictEqual(queue.firstDueMs, waiting[0]);
    strictEqual(queue.take(), waiting.shift());
  }
  strictEqual(queue.size, waiting.length);
});

Deno.test("DueQueue.remove() takes out what is not wanted and keeps the order of the rest", () => {
  const queue = filled([5, 1, 4, 1, 3, 2]);
  deepStrictEqual(queue.remove((item) => item.startsWith("9")), []);
  const removed = queue.remove((item) => item.startsWith("1") || item.startsWith("4"));
  deepStrictEqual([...removed].sort(), ["1.1", "1.3", "4.2"]);
  queue.put("3.6", 3);
  deepStrictEqual(takeAll(queue), ["2.5", "3.4", "3.6", "5.0"]);
  strictEqual(queue.size, 0);
  strictEqual(queue.firstDueMs, undefined);
});

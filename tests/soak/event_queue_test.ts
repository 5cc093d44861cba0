import { deepStrictEqual } from "node:assert/strict";
import { seededRandom } from "../support/seeded_random.ts";
import { EventQueue } from "./event_queue.ts";

Deno.test("EventQueue.take() gives events by time, equal times as they were planned", () => {
  const queue = new EventQueue();
  const seen: string[] = [];
  for (const [atMs, name] of [[30, "c"], [10, "a"], [20, "b"], [30, "d"], [0, "z"]] as const) {
    queue.at(atMs, () => seen.push(`${name}${atMs}`));
  }
  for (let event = queue.take(); event !== undefined; event = queue.take()) event.run();
  deepStrictEqual(seen, ["z0", "a10", "b20", "c30", "d30"]);
  deepStrictEqual(queue.size, 0);
});

Deno.test("EventQueue.take() sorts thousands", () => {
  const queue = new EventQueue();
  const random = seededRandom(3);
  const times = Array.from({ length: 5_000 }, () => Math.floor(random() * 1_000));
  for (const atMs of times) queue.at(atMs, () => {});
  const taken = times.map(() => queue.take()?.atMs);
  deepStrictEqual(taken, times.toSorted((a, b) => a - b));
});

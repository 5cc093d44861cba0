import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../../tests/support/address.ts";
import type { Hop } from "../../proxy/hop.ts";
import { TcpWriteQueue } from "./tcp_write_queue.ts";
import { WriteBudget } from "./write_budget.ts";

const HOP: Hop = {
  side: "lan",
  transport: "tcp",
  peer: peer("10.0.0.10:1"),
  connectionId: undefined,
};

function parcel(length: number) {
  return { data: new Uint8Array(length), hop: HOP };
}

Deno.test("TcpWriteQueue.batch() joins what fits into one write and leaves it until it is written", () => {
  const queue = new TcpWriteQueue(new WriteBudget());
  queue.addKeepAlive();
  queue.addKeepAlive();
  for (const length of [40_000, 20_000, 10_000]) queue.add(parcel(length));
  const sizes: (number | undefined)[][] = [];
  for (let batch = queue.batch(); batch !== undefined; batch = queue.batch()) {
    strictEqual(queue.batch()?.count, batch.count);
    queue.written(batch);
    sizes.push([batch.data.length, batch.count, queue.lengthBytes]);
  }
  deepStrictEqual([sizes, queue.isEmpty], [[[60_002, 3, 10_000], [10_000, 1, 0]], true]);
});

Deno.test("TcpWriteQueue.batch() takes a message that is longer than a batch alone", () => {
  const queue = new TcpWriteQueue(new WriteBudget());
  queue.add(parcel(65_600));
  queue.add(parcel(1));
  deepStrictEqual([queue.batch()?.data.length, queue.batch()?.count], [65_600, 1]);
});

Deno.test("TcpWriteQueue.add() tells its own bound from that of all", () => {
  const budget = new WriteBudget();
  const queue = new TcpWriteQueue(budget);
  const outcomes = [queue.add(parcel(1024 * 1024)), queue.add(parcel(1))];
  for (let taken = 0; taken < 63; taken++) budget.take(1024 * 1024);
  outcomes.push(new TcpWriteQueue(budget).add(parcel(1)));
  deepStrictEqual(outcomes, ["taken", "overflow", "refused"]);
});

Deno.test("TcpWriteQueue.clear() gives messages and budget back, keep-alives not", () => {
  const budget = new WriteBudget();
  const queue = new TcpWriteQueue(budget);
  queue.addKeepAlive();
  queue.add(parcel(7));
  const before = budget.usedBytes;
  const cleared = queue.clear().map(({ data }) => data.length);
  deepStrictEqual([before, cleared, budget.usedBytes, queue.isEmpty], [7, [7], 0, true]);
});

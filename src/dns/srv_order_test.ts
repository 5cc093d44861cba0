import assert from "node:assert/strict";
import { seededRandom } from "../../tests/support/seeded_random.ts";
import type { SrvRecord } from "./dns_record.ts";
import { orderSrv } from "./srv_order.ts";

function srv(target: string, priority: number, weight: number): SrvRecord {
  return { target, priority, weight, port: 5060 };
}

function order(records: readonly SrvRecord[], draws: readonly number[]): string[] {
  let next = 0;
  return orderSrv(records, () => draws[next++] ?? 0).map(({ target }) => target);
}

Deno.test("orderSrv() takes priorities in ascending order whatever the draw", () => {
  const records = [srv("c", 30, 100), srv("a", 10, 1), srv("b", 20, 50)];
  assert.deepEqual(order(records, [0.99, 0.99]), ["a", "b", "c"]);
});

Deno.test("orderSrv() walks the running sum up to the number drawn", () => {
  // Weights 10, 20, 30: sums 10, 30, 60; a draw of r gives the mark floor(r * 61).
  const records = [srv("ten", 0, 10), srv("twenty", 0, 20), srv("thirty", 0, 30)];
  assert.deepEqual(order(records, [10 / 61, 0]), ["ten", "twenty", "thirty"]);
  assert.deepEqual(order(records, [11.5 / 61, 0]), ["twenty", "ten", "thirty"]);
  assert.deepEqual(order(records, [30.5 / 61, 0]), ["twenty", "ten", "thirty"]);
  assert.deepEqual(order(records, [31.5 / 61, 0.99]), ["thirty", "twenty", "ten"]);
});

Deno.test("orderSrv() puts weight 0 first in the draw, so that only a 0 takes it (RFC 2782)", () => {
  const records = [srv("heavy", 0, 5), srv("zero", 0, 0)];
  assert.deepEqual(order(records, [0]), ["zero", "heavy"]);
  assert.deepEqual(order(records, [0.2]), ["heavy", "zero"]);
});

Deno.test("orderSrv() leaves out a service that does not exist", () => {
  assert.deepEqual(order([srv(".", 0, 0)], []), []);
  assert.deepEqual(order([srv("", 0, 0), srv("a", 0, 0)], []), ["a"]);
});

Deno.test("orderSrv() keeps to 32 records", () => {
  const records = Array.from({ length: 100 }, (_, index) => srv(`h${index}`, 0, 1));
  assert.equal(orderSrv(records, seededRandom(1)).length, 32);
});

Deno.test("orderSrv() gives each server its share of first places", () => {
  const records = [srv("a", 0, 60), srv("b", 0, 30), srv("c", 0, 10), srv("spare", 1, 1000)];
  const random = seededRandom(20261124);
  const firsts = new Map<string, number>();
  for (let draw = 0; draw < 20_000; draw++) {
    const first = orderSrv(records, random)[0]?.target ?? "";
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  // RFC 2782 draws 0 … 100 for weights of 100: the first record has one chance more.
  const expected = { a: 61 / 101, b: 30 / 101, c: 10 / 101 };
  for (const [target, share] of Object.entries(expected)) {
    const actual = (firsts.get(target) ?? 0) / 20_000;
    assert.ok(Math.abs(actual - share) < 0.015, `${target}: ${actual} for ${share}`);
  }
  assert.equal(firsts.get("spare"), undefined);
});

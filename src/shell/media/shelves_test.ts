import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/address.ts";
import { type ShelfKey, Shelves } from "./shelves.ts";

const BOTH = { lan: ip("10.0.0.1"), wan: ip("192.0.2.1"), wan6: ip("2001:db8::1") };

function targets(shelves: Shelves): readonly number[] {
  return shelves.all.map(({ targetPairs }) => targetPairs);
}

Deno.test("Shelves.settle() gives each shelf its address, and takes it away again", () => {
  const shelves = new Shelves();
  shelves.settle(BOTH);
  const addresses = () => shelves.all.map(({ address }) => address);
  deepStrictEqual(addresses(), [BOTH.lan, BOTH.wan, undefined, BOTH.wan6]);
  shelves.settle({ lan: undefined, wan: BOTH.wan6 });
  deepStrictEqual(addresses(), [undefined, undefined, undefined, BOTH.wan6]);
});

Deno.test("Shelves.of() finds a pair's shelf by side and family", () => {
  const shelves = new Shelves();
  const pair = { pairId: 1, side: "wan", address: BOTH.wan6, rtpPort: 7070 } as const;
  strictEqual(shelves.of(pair), shelves.get("wan6"));
  strictEqual(shelves.of({ ...pair, side: "lan", address: BOTH.wan }), shelves.get("lan4"));
});

Deno.test("Shelves.calmDown() keeps few of a second family, and many of an only one", () => {
  const shelves = new Shelves();
  shelves.settle(BOTH);
  shelves.calmDown(16);
  deepStrictEqual(targets(shelves), [16, 16, 4, 4]);
  shelves.calmDown(2);
  deepStrictEqual(targets(shelves), [2, 2, 2, 2]);
  shelves.calmDown(1000);
  deepStrictEqual(targets(shelves), [64, 64, 4, 4]);
});

Deno.test("Shelves.raise() doubles up to a bound, and gives what one call needs beyond it", () => {
  const shelves = new Shelves();
  shelves.settle(BOTH);
  shelves.calmDown(16);
  shelves.raise(1);
  deepStrictEqual(targets(shelves), [32, 32, 8, 8]);
  for (let times = 0; times < 4; times++) shelves.raise(1);
  deepStrictEqual(targets(shelves), [64, 64, 64, 64]);
  shelves.raise(70);
  deepStrictEqual(targets(shelves), [70, 70, 70, 70]);
});

Deno.test("Shelves.neediest() takes the emptiest first and passes over what cannot be filled", () => {
  const shelves = new Shelves();
  shelves.settle(BOTH);
  shelves.calmDown(1);
  const stuck = new Set<ShelfKey>();
  const order: (ShelfKey | undefined)[] = [];
  for (let key = shelves.neediest(stuck); key !== undefined; key = shelves.neediest(stuck)) {
    order.push(key);
    stuck.add(key);
  }
  deepStrictEqual(order, ["lan4", "wan4", "lan6", "wan6"]);
  strictEqual(shelves.size("wan"), 0);
});

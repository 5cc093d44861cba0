import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PortPool } from "./port_choice.ts";

/** A fixed sequence, over and over. */
function sequence(...values: readonly number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
}

function takeAll(pool: PortPool): readonly number[] {
  const ports: number[] = [];
  for (let port = pool.take(); port !== undefined; port = pool.take()) ports.push(port);
  return ports;
}

Deno.test("PortPool has the even ports of the range only", () => {
  const table: readonly (readonly [number, number, readonly number[]])[] = [
    [7070, 7089, [7070, 7072, 7074, 7076, 7078, 7080, 7082, 7084, 7086, 7088]],
    [7071, 7076, [7072, 7074, 7076]],
    [7070, 7070, [7070]],
    [7071, 7071, []],
    [7080, 7070, []],
    [65530, 65535, [65530, 65532, 65534]],
  ];
  for (const [low, high, ports] of table) {
    const pool = new PortPool({ low, high, random: sequence(0.3, 0.9, 0.1) });
    strictEqual(pool.size, ports.length);
    deepStrictEqual([...takeAll(pool)].sort((left, right) => left - right), ports);
  }
});

Deno.test("PortPool.take() follows the random source", () => {
  const first = new PortPool({ low: 7070, high: 7089, random: sequence(0.1, 0.7, 0.4) });
  const second = new PortPool({ low: 7070, high: 7089, random: sequence(0.8, 0.2, 0.5) });
  const firstPorts = takeAll(first), secondPorts = takeAll(second);
  strictEqual(firstPorts.join() === secondPorts.join(), false);
});

Deno.test("PortPool.take() chooses among the older half of the free ports", () => {
  for (const random of [0, 0.25, 0.5, 0.75, 0.999]) {
    const pool = new PortPool({ low: 7070, high: 7089, random: () => random });
    const used = [pool.take(), pool.take(), pool.take(), pool.take(), pool.take()];
    for (const port of used) pool.putBack(port ?? 0);
    strictEqual(used.includes(pool.take()), false, `random ${random}`);
  }
});

Deno.test("PortPool.take() refuses no port for lack of rest", () => {
  const pool = new PortPool({ low: 7070, high: 7071, random: () => 0.5 });
  for (let call = 0; call < 5; call++) {
    strictEqual(pool.take(), 7070);
    strictEqual(pool.take(), undefined);
    pool.putBack(7070);
  }
});

Deno.test("PortPool.putBack() ignores what was not taken", () => {
  const pool = new PortPool({ low: 7070, high: 7073, random: () => 0 });
  pool.putBack(7070);
  pool.putBack(9000);
  strictEqual(pool.size, 2);
});

Deno.test("PortPool.adopt() keeps a port of a running call out", () => {
  const pool = new PortPool({ low: 7070, high: 7073, random: () => 0 });
  pool.adopt(7072);
  pool.adopt(9000);
  strictEqual(pool.hasTaken(7072), true);
  strictEqual(pool.hasTaken(9000), false);
  deepStrictEqual(takeAll(pool), [7070]);
  pool.putBack(7072);
  strictEqual(pool.take(), 7072);
});

Deno.test("PortPool has its isolate's part of a divided range", () => {
  const of = (worker: number): readonly number[] => {
    const share = { worker, workers: 3 };
    const pool = new PortPool({ low: 7070, high: 7083, random: () => 0.5, share });
    return [...takeAll(pool)].sort((left, right) => left - right);
  };
  deepStrictEqual([of(0), of(1), of(2)], [[7074, 7080], [7070, 7076, 7082], [7072, 7078]]);
});

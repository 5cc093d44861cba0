import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BoundedMap } from "./bounded_map.ts";

Deno.test("BoundedMap throws the entry out that was set longest ago (R15)", () => {
  const map = new BoundedMap<string, number>({ maxEntries: 2, lifetimeMs: 1000 });
  map.set("a", { value: 1, nowMs: 0 });
  map.set("b", { value: 2, nowMs: 0 });
  map.set("a", { value: 3, nowMs: 1 });
  map.set("c", { value: 4, nowMs: 2 });
  deepStrictEqual(["a", "b", "c"].map((key) => map.get(key, 2)), [3, undefined, 4]);
  strictEqual(map.size, 2);
});

Deno.test("BoundedMap.get() gives nothing at and after the end of an entry's life", () => {
  const map = new BoundedMap<string, number>({ maxEntries: 2, lifetimeMs: 1000 });
  map.set("a", { value: 1, nowMs: 5 });
  deepStrictEqual([map.get("a", 1004), map.get("a", 1005)], [1, undefined]);
});

Deno.test("BoundedMap.set() begins the life of an entry again", () => {
  const map = new BoundedMap<string, number>({ maxEntries: 2, lifetimeMs: 1000 });
  map.set("a", { value: 1, nowMs: 0 });
  map.set("a", { value: 2, nowMs: 900 });
  strictEqual(map.expire(1500), 0);
  strictEqual(map.get("a", 1899), 2);
});

Deno.test("BoundedMap.expire() takes out what is over and nothing else", () => {
  const map = new BoundedMap<number, number>({ maxEntries: 100, lifetimeMs: 10 });
  for (let key = 0; key < 50; key++) map.set(key, { value: key, nowMs: key });
  map.delete(3);
  strictEqual(map.expire(29), 19);
  strictEqual(map.size, 30);
  strictEqual(map.get(20, 29), 20);
});

Deno.test("BoundedMap.delete() tells whether there was anything", () => {
  const map = new BoundedMap<string, number>({ maxEntries: 2, lifetimeMs: 10 });
  map.set("a", { value: 1, nowMs: 0 });
  deepStrictEqual([map.delete("a"), map.delete("a"), map.size], [true, false, 0]);
});

Deno.test("BoundedMap keeps its bound and its order over a hundred thousand changes (R15)", () => {
  const map = new BoundedMap<number, number>({ maxEntries: 500, lifetimeMs: 1e9 });
  for (let key = 0; key < 100_000; key++) {
    map.set(key, { value: key, nowMs: key });
    if (key % 3 === 0) map.set(Math.max(key - 100, 0), { value: -1, nowMs: key });
    if (key % 7 === 0) map.delete(key);
  }
  strictEqual(map.size, 500);
  strictEqual(map.get(99_999 - 99, 1e6), map.get(99_900, 1e6));
  strictEqual(map.get(0, 1e6), undefined);
  map.set(-1, { value: 5, nowMs: 1e6 });
  strictEqual(map.size, 500);
});

Deno.test("BoundedMap agrees with a plain list on any history", () => {
  const map = new BoundedMap<number, number>({ maxEntries: 8, lifetimeMs: 20 });
  let list: { key: number; value: number; endMs: number }[] = [];
  let seed = 12345;
  const next = (bound: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % bound;
  };
  for (let nowMs = 0; nowMs < 5000; nowMs++) {
    const key = next(20);
    if (next(4) === 0) {
      map.delete(key);
      list = list.filter((entry) => entry.key !== key);
    } else {
      const isNew = !list.some((entry) => entry.key === key);
      list = list.filter((entry) => entry.key !== key);
      if (isNew && list.length >= 8) list.shift();
      list.push({ key, value: nowMs, endMs: nowMs + 20 });
      map.set(key, { value: nowMs, nowMs });
    }
    if (next(10) === 0) {
      map.expire(nowMs);
      list = list.filter((entry) => entry.endMs > nowMs);
    }
    strictEqual(map.size, list.length);
    const asked = next(20);
    const known = list.find((entry) => entry.key === asked && entry.endMs > nowMs);
    strictEqual(map.get(asked, nowMs), known?.value);
  }
});

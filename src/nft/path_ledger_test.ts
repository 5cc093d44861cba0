import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outgoingPath, outgoingPath6, reversePath } from "../../tests/support/media_paths.ts";
import type { MediaPath } from "../base/media_path.ts";
import type { NftCount } from "./counter_listing.ts";
import { PathLedger } from "./path_ledger.ts";
import { pathKey } from "./path_lines.ts";

const OUT = outgoingPath();
const BACK = reversePath(OUT);

function ledgerOf(...paths: readonly MediaPath[]): PathLedger {
  const ledger = new PathLedger();
  for (const [index, path] of paths.entries()) ledger.add({ pathId: index + 1, path });
  return ledger;
}

/** What nft lists: packets of 200 bytes, headers included. */
function listed(
  map: "dp" | "sp",
  counts: readonly (readonly [MediaPath, number])[],
): ReadonlyMap<string, NftCount> {
  return new Map(
    counts.map(([path, packets]) => [pathKey(map, path), { packets, bytes: 200 * packets }]),
  );
}

Deno.test("PathLedger.claim() lets both directions of a call in, and many calls", () => {
  const ledger = ledgerOf(OUT);
  strictEqual(ledger.claim(BACK), "free");
  strictEqual(ledger.claim(outgoingPath(1)), "free");
  strictEqual(ledger.claim(outgoingPath6()), "free");
});

const rivals: readonly (readonly [string, MediaPath])[] = [
  ["the same source and socket", { ...OUT, target: outgoingPath(1).target }],
  ["the same source and port at another address", {
    ...outgoingPath(1),
    source: OUT.source,
    arrival: { ...OUT.departure, port: OUT.arrival.port },
  }],
  ["the same source and target", { ...outgoingPath(1), source: OUT.source, target: OUT.target }],
];

for (const [what, rival] of rivals) {
  Deno.test(`PathLedger.claim() refuses ${what}, and waits for one that is being forgotten`, () => {
    const ledger = ledgerOf(OUT);
    strictEqual(ledger.claim(rival), "taken");
    ledger.unhook(1);
    strictEqual(ledger.claim(rival), "busy");
    ledger.forget(1);
    strictEqual(ledger.claim(rival), "free");
  });
}

Deno.test("PathLedger tells entries by family and state", () => {
  const ledger = ledgerOf(OUT, outgoingPath6());
  ledger.unhook(2);
  ledger.unhook(3);
  deepStrictEqual(ledger.entries().map(({ pathId, state }) => [pathId, state]), [
    [1, "kernel"],
    [2, "unhooked"],
  ]);
  deepStrictEqual(ledger.entries(6).map(({ pathId }) => pathId), [2]);
  deepStrictEqual([ledger.size, ledger.get(1)?.path, ledger.get(3)], [2, OUT, undefined]);
});

Deno.test("PathLedger.add() takes no path of two families", () => {
  strictEqual(ledgerOf({ ...OUT, target: outgoingPath6().target }).size, 0);
});

Deno.test("PathLedger.clear() lets everything in again", () => {
  const ledger = ledgerOf(OUT);
  ledger.clear();
  deepStrictEqual([ledger.size, ledger.claim(OUT)], [0, "free"]);
});

Deno.test("PathLedger.count() gives what is new, without headers", () => {
  const ledger = ledgerOf(OUT, BACK);
  deepStrictEqual(ledger.count(4, listed("dp", [[OUT, 10], [BACK, 0]])), [
    { pathId: 1, packets: 10, bytes: 1720 },
  ]);
  deepStrictEqual(ledger.count(4, listed("dp", [[OUT, 10], [BACK, 3]])), [
    { pathId: 2, packets: 3, bytes: 516 },
  ]);
  deepStrictEqual(ledger.count(4, listed("dp", [[OUT, 12]])), [
    { pathId: 1, packets: 2, bytes: 344 },
  ]);
});

Deno.test("PathLedger.count() counts unhooked paths too, and those of one family only", () => {
  const six = outgoingPath6();
  const ledger = ledgerOf(OUT, six);
  ledger.unhook(2);
  deepStrictEqual(ledger.count(6, listed("dp", [[OUT, 10], [six, 10]])), [
    { pathId: 2, packets: 10, bytes: 1520 },
  ]);
});

Deno.test("PathLedger.judge() finds what enters and does not leave", () => {
  const ledger = ledgerOf(OUT, BACK, outgoingPath(1));
  ledger.count(4, listed("dp", [[OUT, 10], [BACK, 10], [outgoingPath(1), 0]]));
  const { dead, alive } = ledger.judge(
    4,
    listed("sp", [[OUT, 10], [BACK, 0], [outgoingPath(1), 0]]),
  );
  deepStrictEqual(dead.map(({ pathId }) => pathId), [2]);
  deepStrictEqual(alive.map(({ pathId }) => pathId), [1]);
});

Deno.test("PathLedger.judge() does not call two packets a death", () => {
  const ledger = ledgerOf(OUT);
  ledger.count(4, listed("dp", [[OUT, 2]]));
  deepStrictEqual(ledger.judge(4, listed("sp", [[OUT, 0]])).dead, []);
});

Deno.test("PathLedger.judge() sees a path that lived and dies", () => {
  const ledger = ledgerOf(OUT);
  ledger.count(4, listed("dp", [[OUT, 500]]));
  deepStrictEqual(ledger.judge(4, listed("sp", [[OUT, 400]])).dead, []);
  ledger.count(4, listed("dp", [[OUT, 510]]));
  deepStrictEqual(ledger.judge(4, listed("sp", [[OUT, 400]])).dead.length, 1);
});

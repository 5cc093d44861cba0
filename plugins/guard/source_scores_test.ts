import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { SourceScores } from "./source_scores.ts";

function scores(): SourceScores {
  return new SourceScores({ failures: 2, windowMs: 1000, blockMs: 5000 });
}

Deno.test("SourceScores blocks at one failure more than are forgiven", () => {
  const table = scores();
  deepStrictEqual([1, 2, 3].map((nowMs) => table.fail("a", nowMs)), [
    "counted",
    "counted",
    "blocked",
  ]);
  deepStrictEqual(
    [3, 5002, 5003].map((nowMs) => table.isBlocked("a", nowMs)),
    [true, true, false],
  );
  strictEqual(table.isBlocked("b", 3), false);
});

Deno.test("SourceScores forgets failures after the window", () => {
  const table = scores();
  deepStrictEqual([0, 500, 1000, 1500, 2000].map((nowMs) => table.fail("a", nowMs)), [
    "counted",
    "counted",
    "counted",
    "counted",
    "counted",
  ]);
});

Deno.test("SourceScores begins from 0 after a block", () => {
  const table = scores();
  for (const nowMs of [1, 2, 3]) table.fail("a", nowMs);
  strictEqual(table.fail("a", 6000), "counted");
});

const proofs: readonly (readonly [string, string, string, number, boolean])[] = [
  ["the receiver", "token", "a", 10, true],
  ["somebody else", "token", "b", 10, false],
  ["the receiver of something else", "other", "a", 10, false],
  ["the receiver, just in time", "token", "a", 64_000, true],
  ["the receiver, too late", "token", "a", 64_001, false],
];

for (const [who, token, address, nowMs, expected] of proofs) {
  Deno.test(`SourceScores.proves() says ${expected} to ${who}`, () => {
    const table = scores();
    table.expect("token", { address: "a", nowMs: 0 });
    strictEqual(table.proves(token, { address, nowMs }), expected);
  });
}

Deno.test("SourceScores takes each proof once, and a wrong one does not spoil it", () => {
  const table = scores();
  table.expect("token", { address: "a", nowMs: 0 });
  deepStrictEqual(
    ["b", "a", "a"].map((address) => table.proves("token", { address, nowMs: 1 })),
    [false, true, false],
  );
});

Deno.test("SourceScores holds no more sources than its limit and keeps the blocked ones", () => {
  const table = scores();
  for (const nowMs of [1, 2, 3]) table.fail("bad", nowMs);
  for (let count = 0; count < 5000; count++) table.fail(`s${count}`, 4);
  deepStrictEqual([table.size, table.isBlocked("bad", 4)], [4096, true]);
});

Deno.test("SourceScores gives up the oldest block when all are blocked", () => {
  const table = new SourceScores({ failures: 1, windowMs: 1000, blockMs: 100_000 });
  for (let count = 0; count < 4097; count++) {
    table.fail(`s${count}`, count);
    table.fail(`s${count}`, count);
  }
  deepStrictEqual(
    [table.size, table.isBlocked("s0", 5000), table.isBlocked("s1", 5000)],
    [4096, false, true],
  );
});

Deno.test("SourceScores bounds the proofs it waits for, the oldest go", () => {
  const table = scores();
  for (let count = 0; count < 5000; count++) table.expect(`t${count}`, { address: "a", nowMs: 0 });
  deepStrictEqual(
    ["t903", "t904", "t4999"].map((token) => table.proves(token, { address: "a", nowMs: 1 })),
    [false, true, true],
  );
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { NonceCounts } from "./nonce_counts.ts";

Deno.test("NonceCounts.judge() wants a higher count, save for the same request repeated (R21)", () => {
  const counts = new NonceCounts();
  const judge = (count: number, request: string) =>
    counts.judge("n", { count, request, nowMs: 1000 });
  strictEqual(judge(1, "a"), "new");
  counts.note("n", { count: 5, request: "a", nowMs: 1000 });
  deepStrictEqual(
    [judge(6, "b"), judge(5, "a"), judge(5, "b"), judge(4, "a"), judge(0, "a")],
    ["new", "repeat", "replay", "replay", "replay"],
  );
  strictEqual(counts.judge("m", { count: 1, request: "a", nowMs: 1000 }), "new");
});

Deno.test("NonceCounts.note() keeps the highest count", () => {
  const counts = new NonceCounts();
  counts.note("n", { count: 5, request: "a", nowMs: 0 });
  counts.note("n", { count: 3, request: "b", nowMs: 0 });
  counts.note("n", { count: 5, request: "c", nowMs: 0 });
  strictEqual(counts.judge("n", { count: 5, request: "a", nowMs: 0 }), "repeat");
});

Deno.test("NonceCounts remembers as long as the nonce lives", () => {
  const counts = new NonceCounts();
  counts.note("n", { count: 1, request: "a", nowMs: 0 });
  counts.expire(300_999);
  strictEqual(counts.judge("n", { count: 1, request: "b", nowMs: 300_999 }), "replay");
  counts.expire(301_000);
  strictEqual(counts.judge("n", { count: 1, request: "b", nowMs: 301_000 }), "new");
});

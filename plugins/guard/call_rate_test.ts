import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CallRate } from "./call_rate.ts";

Deno.test("CallRate counts the other calls of the last minute", () => {
  const rate = new CallRate();
  for (const [callId, nowMs] of [["a", 0], ["b", 30_000], ["c", 59_999]] as const) {
    rate.begin("phone", { callId, nowMs });
  }
  deepStrictEqual(
    [59_999, 60_000, 90_000, 120_000].map((nowMs) => rate.count("phone", { callId: "d", nowMs })),
    [3, 2, 1, 0],
  );
});

Deno.test("CallRate takes a repeated INVITE for the same call", () => {
  const rate = new CallRate();
  rate.begin("phone", { callId: "a", nowMs: 0 });
  rate.begin("phone", { callId: "a", nowMs: 1 });
  strictEqual(rate.count("phone", { callId: "b", nowMs: 2 }), 1);
  strictEqual(rate.count("phone", { callId: "a", nowMs: 2 }), 0);
});

Deno.test("CallRate counts each phone by itself", () => {
  const rate = new CallRate();
  rate.begin("one", { callId: "a", nowMs: 0 });
  strictEqual(rate.count("other", { callId: "b", nowMs: 0 }), 0);
});

Deno.test("CallRate bounds calls and phones", () => {
  const rate = new CallRate();
  for (let count = 0; count < 1100; count++) rate.begin("p", { callId: `c${count}`, nowMs: 0 });
  strictEqual(rate.count("p", { callId: "x", nowMs: 0 }), 1000);
  for (let count = 0; count < 1024; count++) rate.begin(`q${count}`, { callId: "c", nowMs: 0 });
  deepStrictEqual(
    ["p", "q0", "q1023"].map((phone) => rate.count(phone, { callId: "x", nowMs: 0 })),
    [0, 1, 1],
  );
});

import { strictEqual } from "node:assert/strict";
import { LoopLag } from "./loop_lag.ts";

Deno.test("LoopLag knows no delay before its second beat", () => {
  const lag = new LoopLag(500);
  strictEqual(lag.worstMs(1000), 0);
  lag.beat(1000);
  strictEqual(lag.worstMs(1000), 0);
});

Deno.test("LoopLag.worstMs() is the longest delay, not the last one; an early beat is none", () => {
  const lag = new LoopLag(500);
  for (const nowMs of [0, 500, 1230, 1700, 2210]) lag.beat(nowMs);
  strictEqual(lag.worstMs(2210), 230);
});

Deno.test("LoopLag.worstMs() forgets after one to two minutes", () => {
  const lag = new LoopLag(500);
  lag.beat(60_000);
  lag.beat(60_800);
  strictEqual(lag.worstMs(119_000), 300);
  strictEqual(lag.worstMs(121_000), 300);
  strictEqual(lag.worstMs(182_000), 0);
});

Deno.test("LoopLag.worstMs() is nothing after a long time without a beat", () => {
  const lag = new LoopLag(500);
  lag.beat(60_000);
  lag.beat(61_000);
  strictEqual(lag.worstMs(400_000), 0);
});

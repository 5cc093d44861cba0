import { ok } from "node:assert/strict";
import { SharedClock } from "./shared_clock.ts";

Deno.test("SharedClock.align() goes on from the time it is told", () => {
  const clock = new SharedClock();
  clock.align(1_000_000);
  const first = clock.now();
  const second = clock.now();
  ok(first >= 1_000_000 && first < 1_010_000 && second >= first);
});

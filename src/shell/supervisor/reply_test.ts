import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { Reply } from "./reply.ts";

Deno.test("Reply.wait() shares one answer among overlapping askers", async () => {
  const reply = new Reply<number>();
  const waits = [reply.wait(1000), reply.wait(1000)];
  reply.give(7);
  deepStrictEqual(await Promise.all(waits), [7, 7]);
});

Deno.test("Reply.wait() ends with undefined when the bound is over", async () => {
  using time = new FakeTime();
  const reply = new Reply<number>();
  const wait = reply.wait(1000);
  time.tick(1000);
  strictEqual(await wait, undefined);
});

Deno.test("Reply.give() is lost when nobody waits", async () => {
  using time = new FakeTime();
  const reply = new Reply<number>();
  reply.give(7);
  const wait = reply.wait(10);
  time.tick(10);
  strictEqual(await wait, undefined);
});

Deno.test("Reply.isAwaited while somebody waits", async () => {
  const reply = new Reply<number>();
  strictEqual(reply.isAwaited, false);
  const answer = reply.wait(10_000);
  strictEqual(reply.isAwaited, true);
  reply.give(7);
  strictEqual(await answer, 7);
  strictEqual(reply.isAwaited, false);
});

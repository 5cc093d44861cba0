import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import {
  assertSpyCall,
  assertSpyCalls,
  MockError,
  returnsArg,
  returnsNext,
  spy,
  stub,
} from "@std/testing/mock";
import { FakeTime, TimeError } from "@std/testing/time";
import { assertType, type IsAny, type IsExact, type IsNullable } from "@std/testing/types";

Deno.test("FakeTime runs timers in order of their due time", () => {
  using time = new FakeTime(1000);
  const seen: [string, number][] = [];
  setTimeout(() => seen.push(["b", Date.now()]), 20);
  setTimeout(() => seen.push(["a", Date.now()]), 10);
  const every = setInterval(() => seen.push(["i", Date.now()]), 15);
  const never = setTimeout(() => seen.push(["never", 0]), 5);
  clearTimeout(never);
  time.tick(30);
  clearInterval(every);
  time.tick(100);
  deepEqual(seen, [["a", 1010], ["i", 1015], ["b", 1020], ["i", 1030]]);
  equal(new Date().valueOf(), 1130);
  equal(new Date() instanceof Date, true);
  equal(time.start, 1000);
  throws(() => time.now = 1, RangeError);
});

Deno.test("FakeTime.next() and runAll() follow timers that timers set", () => {
  using time = new FakeTime(0);
  let left = 3;
  const again = (): void => {
    if (left-- > 0) setTimeout(again, 7);
  };
  again();
  equal(time.next(), true);
  equal(time.now, 7);
  time.runAll();
  equal(time.now, 21);
  equal(time.next(), false);
});

Deno.test("FakeTime.tickAsync() lets promises run first", async () => {
  using time = new FakeTime();
  let done = false;
  Promise.resolve().then(() => setTimeout(() => done = true, 5));
  await time.tickAsync(5);
  equal(done, true);
  equal(await FakeTime.restoreFor(() => Date.now() > 0), true);
});

Deno.test("FakeTime restores once and is the only one", async () => {
  const time = new FakeTime();
  throws(() => new FakeTime(), TypeError);
  time.restore();
  throws(() => time.restore(), TimeError);
  await rejects(FakeTime.restoreFor(() => 1), TimeError);
});

Deno.test("spy() records calls of a function and of a method", () => {
  const add = spy((a: number, b: number) => a + b);
  equal(add(1, 2), 3);
  assertSpyCalls(add, 1);
  assertSpyCall(add, 0, { args: [1, 2], returned: 3 });
  throws(() => assertSpyCalls(add, 2), /called 1 time\(s\), expected 2/);
  throws(() => assertSpyCall(add, 1), /no call 1/);
  throws(() => add.restore(), MockError);

  const counter = { n: 1, next: (step: number): number => counter.n += step };
  const original = counter.next;
  const method = spy(counter, "next");
  equal(counter.next(4), 5);
  deepEqual(method.calls.map(({ args, returned }) => ({ args, returned })), [
    { args: [4], returned: 5 },
  ]);
  method.restore();
  equal(counter.next, original);
});

Deno.test("stub() replaces a method until the block ends", () => {
  const thing = { read: (name: string): string => `real ${name}` };
  {
    using read = stub(thing, "read", returnsNext(["one", new Error("two")].values()));
    equal(thing.read("a"), "one");
    throws(() => thing.read("b"), /two/);
    throws(() => thing.read("c"), /more than 2/);
    equal(read.calls[1]?.error?.message, "two");
  }
  equal(thing.read("d"), "real d");
  equal(returnsArg<string>(1)("a", "b"), "b");
});

Deno.test("assertType() compares types", () => {
  assertType<IsExact<{ a: 1 } & { b: 2 }, { a: 1; b: 2 }>>(true);
  assertType<IsExact<{ a?: 1 }, { a: 1 }>>(false);
  assertType<IsExact<string, string | undefined>>(false);
  assertType<IsAny<unknown>>(false);
  assertType<IsNullable<string | undefined>>(true);
});

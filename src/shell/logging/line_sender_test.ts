import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LineSender } from "./line_sender.ts";

const decoder = new TextDecoder();

/** A receiver that takes a line only when the test lets it. */
function setUp() {
  const sent: string[] = [];
  const grants: (() => void)[] = [];
  const state = { closed: 0, fails: false };
  const sender = new LineSender({
    send: (datagram) => {
      if (state.fails) return Promise.reject(new Error("gone"));
      sent.push(decoder.decode(datagram));
      const { promise, resolve } = Promise.withResolvers<void>();
      grants.push(resolve);
      return promise;
    },
    close: () => state.closed++,
    lostLine: (count) => `lost ${count}`,
  });
  /** Lets the receiver take everything that waits. */
  const takeAll = async () => {
    for (let grant = grants.shift(); grant !== undefined; grant = grants.shift()) {
      grant();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  };
  return { sender, sent, state, takeAll };
}

Deno.test("LineSender sends one line after the other", async () => {
  const { sender, sent, takeAll } = setUp();
  for (const line of ["a", "b", "c"]) sender.write(line);
  deepStrictEqual(sent, ["a"]);
  await takeAll();
  deepStrictEqual(sent, ["a", "b", "c"]);
  sender.write("d");
  await takeAll();
  deepStrictEqual(sent.at(-1), "d");
  await sender.close();
});

Deno.test("LineSender keeps 1000 lines for a receiver that hangs, and tells what was lost", async () => {
  const { sender, sent, takeAll } = setUp();
  for (let index = 0; index < 1101; index++) sender.write(`${index}`);
  await takeAll();
  // One was under way, a thousand waited.
  deepStrictEqual([sent.length, sent[1], sent.at(-1)], [1002, "lost 100", "1000"]);
  await sender.close();
});

Deno.test("LineSender goes on after a receiver was gone", async () => {
  const { sender, sent, state, takeAll } = setUp();
  state.fails = true;
  for (const line of ["a", "b"]) sender.write(line);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  state.fails = false;
  sender.write("c");
  await takeAll();
  deepStrictEqual(sent, ["c", "lost 2"]);
  await sender.close();
});

Deno.test("LineSender.close() waits no longer than a moment for a receiver that hangs", async () => {
  const { sender, state } = setUp();
  sender.write("a");
  const startMs = performance.now();
  await sender.close();
  strictEqual(performance.now() - startMs < 600, true);
  strictEqual(state.closed, 1);
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { PluginAction } from "./effect.ts";
import type { PluginSession, RunningHook } from "./plugin_world.ts";
import { hookMark } from "./hook_mark.ts";
import { readHooks } from "./own_hooks.ts";
import { PluginSlot } from "./slot.ts";

/** A slot whose hooks take as long as the test says. */
class SlotBench {
  readonly running: RunningHook = new Int32Array(new SharedArrayBuffer(4));
  readonly session: PluginSession = { world: undefined, actions: [], running: this.running };
  readonly slot: PluginSlot;
  #nowMs = 0;
  costMs = 0;

  constructor() {
    const hooks = readHooks({});
    if (!hooks.ok) throw new Error(hooks.error);
    this.slot = new PluginSlot({
      name: "test",
      order: 0,
      hooks: hooks.value,
      receiver: {},
      origin: "built-in",
      session: this.session,
      clock: {
        nowMs: () => 0,
        wallMs: () => 0,
        monotonicMs: () => {
          this.#nowMs += this.costMs;
          return this.#nowMs;
        },
      },
    });
  }

  /** Calls a hook that asks for something and then does what the test says. */
  call<Value>(run: () => Value): Value | undefined {
    return this.slot.call("preProxy", () => {
      this.session.actions.push(ASKED);
      return run();
    });
  }

  /** Lets time pass between two calls. */
  pass(spanMs: number): void {
    this.#nowMs += spanMs;
  }

  said(): readonly string[] {
    return this.session.actions.map((action) =>
      action.kind === "log"
        ? `${action.event.level} ${action.event.text}`
        : action.kind === "count"
        ? `${action.counter} ${action.reason}`
        : action.kind
    );
  }
}

const ASKED: PluginAction = { kind: "count", counter: "plugin", reason: "test.asked" };

function fail(error: unknown): never {
  throw error;
}

Deno.test("PluginSlot.call() gives what the hook returns and keeps what it asked for", () => {
  const bench = new SlotBench();
  deepStrictEqual([bench.call(() => 7), bench.said()], [7, ["plugin test.asked"]]);
});

const thrown: readonly (readonly [string, unknown, string])[] = [
  ["an error", new TypeError("broken"), "TypeError: broken"],
  ["a text", "broken", "a thrown value"],
  ["nothing", undefined, "a thrown value"],
  ["a long error", new Error("x".repeat(500)), `Error: ${"x".repeat(293)}`],
];

for (const [what, error, said] of thrown) {
  Deno.test(`PluginSlot.call() survives a hook that throws ${what}, and undoes what it asked for`, () => {
    const bench = new SlotBench();
    strictEqual(bench.call(() => fail(error)), undefined);
    deepStrictEqual(bench.said(), [
      "plugin_failed test",
      `error Plugin 'test' failed in preProxy: ${said}; the message goes on`,
    ]);
  });
}

Deno.test("PluginSlot tells the first and the last failure alone, and then is off", () => {
  const bench = new SlotBench();
  for (let count = 0; count < 10; count++) bench.call(() => fail(new Error(`${count}`)));
  deepStrictEqual(bench.said().filter((line) => !line.startsWith("plugin_failed")), [
    "error Plugin 'test' failed in preProxy: Error: 0; the message goes on",
    "error Plugin 'test' failed in preProxy: Error: 9; the message goes on",
    "error Plugin 'test' is switched off after 10 failures",
  ]);
  strictEqual(bench.slot.isOn, false);
});

Deno.test("PluginSlot stays on up to nine failures", () => {
  const bench = new SlotBench();
  for (let count = 0; count < 9; count++) bench.call(() => fail(new Error("x")));
  strictEqual(bench.slot.isOn, true);
});

Deno.test("PluginSlot takes 20 ms for quick and more for slow", () => {
  const bench = new SlotBench();
  bench.costMs = 20;
  bench.call(() => 1);
  deepStrictEqual(bench.said(), ["plugin test.asked"]);
  bench.costMs = 20.6;
  bench.call(() => 1);
  deepStrictEqual(bench.said().slice(2), [
    "warning Plugin 'test' is slow: preProxy took 21 ms",
  ]);
});

Deno.test("PluginSlot keeps what a slow hook returned", () => {
  const bench = new SlotBench();
  bench.costMs = 1000;
  strictEqual(bench.call(() => "slow"), "slow");
});

Deno.test("PluginSlot is off after twenty slow calls and says so once", () => {
  const bench = new SlotBench();
  bench.costMs = 50;
  for (let count = 0; count < 25; count++) bench.call(() => 1);
  deepStrictEqual(bench.said().filter((line) => !line.startsWith("plugin ")), [
    "warning Plugin 'test' is slow: preProxy took 50 ms",
    "error Plugin 'test' is switched off after 20 slow calls",
  ]);
  strictEqual(bench.slot.isOn, false);
});

Deno.test("PluginSlot forgets slow calls after a minute: a daemon runs for years", () => {
  const bench = new SlotBench();
  for (let minute = 0; minute < 5; minute++) {
    bench.costMs = 50;
    for (let count = 0; count < 10; count++) bench.call(() => 1);
    bench.costMs = 0;
    bench.pass(61_000);
  }
  strictEqual(bench.slot.isOn, true);
});

Deno.test("PluginSlot.call() notes who runs, as long as it runs, also when it throws", () => {
  const bench = new SlotBench();
  deepStrictEqual([bench.call(() => bench.running[0]), bench.running[0]], [hookMark("test"), 0]);
  bench.call(() => fail(new Error("no")));
  strictEqual(bench.running[0], 0);
});

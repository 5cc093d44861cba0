import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerOf, PluginBench, register, request } from "../../tests/support/plugin_bench.ts";
import { CONTINUE, definePlugin, drop, type Plugin, type PluginHooks } from "./api.ts";
import { setHeader } from "../sip/headers.ts";
import type { SipRequest } from "../sip/message.ts";
import { pluginOfModule } from "./external.ts";
import type { PluginHost } from "./plugin_host.ts";

type Setup = (host: PluginHost) => PluginHooks;

/** Plugins of these names and hooks, in this order. */
function bench(plugins: Readonly<Record<string, Setup>>): PluginBench {
  const made = new Map<string, Plugin>(
    Object.entries(plugins).map(([name, setup]) => [
      name,
      definePlugin({
        name,
        apiVersion: 1,
        description: "test",
        options: {},
        setup: (_config, host) => setup(host),
      }),
    ]),
  );
  const config = [...made.keys()].map((name) => `load_plugin = ${name}`).join("\n");
  const world = new PluginBench({ config, find: (name) => made.get(name) });
  world.registerAlice();
  return world;
}

const options = request("OPTIONS sip:bob@192.0.2.10:5070");

function mark(name: string): Setup {
  return () => ({
    preProxy: ({ message }) => {
      const old = message.headers.find(({ key }) => key === "x-order")?.value ?? "";
      return { kind: "continue", message: setHeader(message, "X-Order", `${old}${name}`) };
    },
  });
}

Deno.test("PluginChain calls hooks in load order, each on what the one before left", () => {
  strictEqual(headerOf(bench({ b: mark("b"), a: mark("a") }).fromPhone(options), "X-Order"), "ba");
});

Deno.test("PluginChain ends a message's way at the first drop", () => {
  let calls = 0;
  const world = bench({
    first: () => ({ validate: () => drop("no") }),
    second: () => ({
      validate: () => {
        calls++;
        return CONTINUE;
      },
    }),
  });
  deepStrictEqual([world.fromPhone(options).drops, calls], [["plugin-no"], 0]);
});

Deno.test("a hook that throws: the message goes on, what it asked for is undone, and it is told once", () => {
  const world = bench({
    bad: (host) => ({
      preProxy: ({ message }) => {
        if (message.method === "REGISTER") return CONTINUE;
        host.log({ level: "info", event: "half", text: "half done" });
        throw new TypeError("broken");
      },
    }),
  });
  const step = world.fromPhone(options);
  strictEqual(step.sent.length, 1);
  deepStrictEqual(step.logs, [
    "error Plugin 'bad' failed in preProxy: TypeError: broken; the message goes on",
  ]);
  deepStrictEqual(world.fromPhone(options).logs, []);
});

Deno.test("a plugin that fails ten times is switched off, the others go on", () => {
  let calls = 0;
  const world = bench({
    bad: () => ({
      preProxy: () => {
        calls++;
        throw new Error("again");
      },
    }),
    good: mark("g"),
  });
  const logs: string[] = [];
  for (let count = 0; count < 15; count++) logs.push(...world.fromPhone(options).logs);
  // The REGISTER of the bench was the first failure.
  strictEqual(calls, 10);
  strictEqual(logs.at(-1), "error Plugin 'bad' is switched off after 10 failures");
  strictEqual(headerOf(world.fromPhone(options), "X-Order"), "g");
});

Deno.test("a plugin that is slow is told, and switched off in the end", () => {
  let calls = 0;
  const world = bench({
    slow: () => ({
      preProxy: () => {
        calls++;
        return CONTINUE;
      },
    }),
  });
  world.hookCostMs = 30;
  deepStrictEqual(world.fromPhone(options).logs, [
    "warning Plugin 'slow' is slow: preProxy took 30 ms",
  ]);
  for (let count = 0; count < 30; count++) world.fromPhone(options);
  strictEqual(calls, 21);
});

/** What a plugin in plain JavaScript may return; the types of TypeScript would refuse it. */
function foreign(code: string): PluginBench {
  const module: unknown = {
    plugin: {
      name: "foreign",
      apiVersion: 1,
      description: "test",
      options: {},
      setup: (_config: unknown, host: PluginHost) => new Function("host", code)(host),
    },
  };
  const plugin = pluginOfModule(module, "foreign");
  if (!plugin.ok) throw new Error(plugin.error);
  const world = new PluginBench({ config: "load_plugin = foreign", find: () => plugin.value });
  world.registerAlice();
  return world;
}

const bodies: readonly (readonly [string, string])[] = [
  ["nothing", "undefined"],
  ["a number", "7"],
  ["a verdict of another hook", '{ kind: "consume" }'],
  ["a message that is none", '{ kind: "continue", message: { kind: "request" } }'],
  ["no headers", '{ kind: "continue", message: { ...event.message, headers: [] } }'],
  [
    "a header with a line break (R9)",
    '{ kind: "continue", message: { ...event.message, headers: [...event.message.headers, ' +
    '{ key: "x", name: "X", value: "a", line: "X: a\\r\\nEvil: b" }] } }',
  ],
  [
    "a start line with a line break (R9)",
    '{ kind: "continue", message: { ...event.message, startLine: "OPTIONS sip:a SIP/2.0\\r\\nX: y" } }',
  ],
  [
    "a body of wide characters",
    '{ kind: "continue", message: { ...event.message, body: "\u20ac" } }',
  ],
  ["a promise", "Promise.resolve({ kind: 'continue' })"],
];

for (const [what, expression] of bodies) {
  Deno.test(`a foreign hook that returns ${what}: the message goes on unchanged`, () => {
    const world = foreign(`return { preProxy: (event) => (${expression}) };`);
    const plain = bench({});
    deepStrictEqual(world.fromPhone(options).sent, plain.fromPhone(options).sent);
  });
}

Deno.test("a foreign hook may use the toolbox of its host", () => {
  const world = foreign(
    "return { preProxy: ({ message }) => " +
      '({ kind: "continue", message: host.sip.setHeader(message, "X-A", "b") }) };',
  );
  strictEqual(headerOf(world.fromPhone(options), "X-A"), "b");
});

Deno.test("a changed body gets its Content-Length", () => {
  const world = bench({
    body: () => ({
      preProxy: ({ message }): { kind: "continue"; message: SipRequest } => ({
        kind: "continue",
        message: { ...message, body: "12345" },
      }),
    }),
  });
  strictEqual(headerOf(world.fromPhone(options), "Content-Length"), "5");
});

const refusals: readonly (readonly [string, unknown, string])[] = [
  ["no export", {}, 'the module has no export named "plugin"'],
  ["no module", undefined, 'the module has no export named "plugin"'],
  ["another name", { plugin: { name: "y" } }, 'its name is "y", the file\'s is "x"'],
  ["no version", { plugin: { name: "x" } }, "apiVersion is no whole number"],
  ["no setup", { plugin: { name: "x", apiVersion: 1, description: "" } }, "setup is no function"],
  [
    "a bad option",
    {
      plugin: {
        name: "x",
        apiVersion: 1,
        description: "",
        setup() {},
        options: { o: { kind: "q" } },
      },
    },
    'option "o" has no kind, help and example of the API',
  ],
];

for (const [what, module, error] of refusals) {
  Deno.test(`pluginOfModule() refuses a module with ${what}`, () => {
    deepStrictEqual(pluginOfModule(module, "x"), { ok: false, error });
  });
}

Deno.test("PluginLoader leaves a plugin out whose setup throws or whose API version is another", () => {
  const make = (name: string, apiVersion: number): Plugin =>
    definePlugin({
      name,
      apiVersion,
      description: "test",
      options: {},
      setup: () => {
        throw new RangeError("no");
      },
    });
  const found = new Map([["a", make("a", 1)], ["b", make("b", 9)]]);
  const world = new PluginBench({
    config: "load_plugin = a\nload_plugin = b",
    find: (name) => found.get(name),
  });
  deepStrictEqual(world.loadLogs, [
    "error Plugin 'a' loaded with failure: setup failed: RangeError: no",
    "error Plugin 'b' loaded with failure: it is written for API version 9, version 1 is expected",
  ]);
  strictEqual(
    world.fromPhone(register({ user: "alice", contact: "sip:alice@10.0.0.10" })).sent.length,
    1,
  );
});

Deno.test("PluginStore keeps, forgets and bounds texts", () => {
  const seen: unknown[] = [];
  const world = bench({
    keeper: (host) => ({
      onStatistics: () => {
        seen.push(
          host.store.get("old"),
          host.store.set("new", "v"),
          host.store.set("big", "x".repeat(5000)),
        );
        host.store.delete("new");
        seen.push(host.store.keys());
      },
    }),
  });
  const step = world.askStatistics();
  deepStrictEqual(seen, [undefined, true, false, []]);
  deepStrictEqual(step.effects.map(({ kind }) => kind), ["store", "store"]);
});

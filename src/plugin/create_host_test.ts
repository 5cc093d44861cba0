import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { PluginBench, request, type Step } from "../../tests/support/plugin_bench.ts";
import { address, place } from "../../tests/support/core_world.ts";
import { CONTINUE, definePlugin, type PluginHost } from "./api.ts";
import { parseUri } from "../sip/uri.ts";

const HOSTS = { "far.example": "198.51.100.7", "stun.example": "198.51.100.8" } as const;

/** Runs code with the host of a plugin while a request of alice passes. */
function during(run: (host: PluginHost) => void, times = 1): Step {
  const plugin = definePlugin({
    name: "probe",
    apiVersion: 1,
    description: "test",
    options: {},
    setup: (_config, host) => ({
      preProxy({ message }) {
        if (message.method === "OPTIONS") run(host);
        return CONTINUE;
      },
    }),
  });
  const world = new PluginBench({
    config: "load_plugin = probe",
    find: () => plugin,
    hosts: HOSTS,
    supplies: { stored: { probe: { kept: "text" }, other: { secret: "x" } } },
  });
  world.registerAlice();
  const text = request("OPTIONS sip:bob@192.0.2.10:5070");
  for (let count = 1; count < times; count++) world.fromPhone(text);
  return world.fromPhone(text);
}

/** What a look at the host gives. */
function see<Value>(look: (host: PluginHost) => Value, times = 1): Value | undefined {
  let seen: Value | undefined;
  during((host) => {
    seen = look(host);
  }, times);
  return seen;
}

Deno.test("PluginHost.addresses() are those of this moment", () => {
  deepStrictEqual(see((host) => ({ ...host.addresses() })), {
    lan: place("10.0.0.1:1").address,
    wan: place("192.0.2.1:1").address,
    advertised: place("192.0.2.1:1").address,
    listenPort: 5060,
  });
});

Deno.test("PluginHost.registrations() are the live ones", () => {
  deepStrictEqual(
    see((host) => host.registrations().map(({ contactUri }) => contactUri)),
    ["sip:alice@10.0.0.10:5062"],
  );
});

const owners: readonly (readonly [string, number])[] = [
  ["sip:alice@192.0.2.10", 1],
  ["sip:alice@192.0.2.10:5060", 1],
  ["sip:bob@192.0.2.10", 0],
  ["sip:alice@example.org", 0],
];

for (const [text, count] of owners) {
  Deno.test(`PluginHost.registrationsOf() finds ${count} of ${text}`, () => {
    const uri = parseUri(text);
    strictEqual(uri.ok ? see((host) => host.registrationsOf(uri.value).length) : -1, count);
  });
}

const lookUps: readonly (readonly [string, number, readonly string[]])[] = [
  ["192.0.2.77", 1, ["192.0.2.77"]],
  ["far.example", 1, []],
  ["far.example", 2, ["198.51.100.7"]],
  ["nobody.example", 2, []],
];

for (const [name, times, addresses] of lookUps) {
  Deno.test(`PluginHost.lookUp() gives ${addresses} for ${name} in look ${times}`, () => {
    deepStrictEqual(see((host) => host.lookUp(name).map(String), times), addresses);
  });
}

Deno.test("PluginHost.lookUp() asks for a name that is not known", () => {
  deepStrictEqual(during((host) => host.lookUp("far.example")).effects, [{
    kind: "resolve",
    query: { host: "far.example", port: undefined, transport: undefined, method: "address" },
  }]);
});

Deno.test("PluginHost.locate() takes a port for given, and looks servers up without one", () => {
  const seen = during((host) => {
    host.locate("stun.example", { port: 3478, service: "stun" });
    host.locate("far.example", { port: undefined, service: "sip" });
  });
  deepStrictEqual(
    seen.effects.map((effect) =>
      effect.kind === "resolve" ? [effect.query.host, effect.query.port, effect.query.method] : []
    ),
    [["stun.example", 3478, "address"], ["far.example", undefined, "locate"]],
  );
});

const networks: readonly (readonly [string, boolean])[] = [
  ["10.1.2.3:1", true],
  ["11.1.2.3:1", false],
  ["198.51.100.7:1", true],
  ["198.51.100.9:1", false],
];

for (const [text, expected] of networks) {
  Deno.test(`PluginHost.isIn() says ${expected} to ${text}`, () => {
    const list = [
      { kind: "address", host: "10.0.0.0", bits: 8 },
      { kind: "name", host: "far.example", bits: 32 },
    ] as const;
    strictEqual(see((host) => host.isIn(list, place(text).address), 2), expected);
  });
}

Deno.test("PluginHost.isIn() says no to an empty list", () => {
  strictEqual(see((host) => host.isIn([], place("10.0.0.1:1").address)), false);
});

Deno.test("PluginHost.sendDatagram() sends up to 1200 bytes and nothing longer", () => {
  const target = place("198.51.100.7:3478");
  const { effects } = during((host) => {
    host.sendDatagram(new Uint8Array(1200), target);
    host.sendDatagram(new Uint8Array(1201), target);
  });
  deepStrictEqual(
    effects.map((effect) => effect.kind === "send-datagram" ? effect.data.length : effect.kind),
    [1200],
  );
});

Deno.test("PluginHost.store holds the plugin's own texts and nobody else's", () => {
  deepStrictEqual(
    see(({ store }) => [store.keys(), store.get("kept"), store.get("secret"), store.get("none")]),
    [["kept"], "text", undefined, undefined],
  );
});

const stored: readonly (readonly [string, string, string, boolean])[] = [
  ["a text", "k", "v", true],
  ["an empty text", "k", "", true],
  ["the longest text", "k", "v".repeat(4096), true],
  ["a longer text", "k", "v".repeat(4097), false],
  ["the longest key", "k".repeat(128), "v", true],
  ["a longer key", "k".repeat(129), "v", false],
];

for (const [what, key, value, expected] of stored) {
  Deno.test(`PluginHost.store.set() takes ${what}: ${expected}`, () => {
    const { effects } = during((host) => strictEqual(host.store.set(key, value), expected));
    strictEqual(effects.length, expected ? 1 : 0);
  });
}

Deno.test("PluginHost.store takes 256 keys; one that is there can still be changed", () => {
  deepStrictEqual(
    see(({ store }) => {
      const taken = Array.from({ length: 300 }, (_, at) => store.set(`k${at}`, "v"));
      return [taken.filter(Boolean).length, store.keys().length, store.set("kept", "new")];
    }),
    [255, 256, true],
  );
});

Deno.test("PluginHost.store.delete() forgets once", () => {
  const { effects } = during(({ store }) => {
    store.delete("kept");
    store.delete("kept");
    store.delete("none");
  });
  deepStrictEqual(effects, [{ kind: "store", plugin: "probe", key: "kept", value: undefined }]);
});

const counters: readonly (readonly [string, string])[] = [
  ["calls", "probe.calls"],
  ["calls.of_day-1", "probe.calls.of_day-1"],
  ["Calls", "probe.other"],
  ["a b", "probe.other"],
  ["", "probe.other"],
  ["x".repeat(41), "probe.other"],
  ["a\nb", "probe.other"],
];

for (const [name, reason] of counters) {
  Deno.test(`PluginHost.count() counts ${JSON.stringify(name)} as ${reason}`, () => {
    const plugin = definePlugin({
      name: "probe",
      apiVersion: 1,
      description: "test",
      options: {},
      setup: (_config, host) => ({ onStatistics: () => host.count(name) }),
    });
    const { world } = new PluginBench({ config: "load_plugin = probe", find: () => plugin });
    deepStrictEqual(
      world.askStatistics().filter(({ kind }) => kind === "count"),
      [{ kind: "count", counter: "plugin", reason }],
    );
  });
}

Deno.test("PluginHost bounds what one run may ask for", () => {
  const { logs } = during((host) => {
    for (let count = 0; count < 1000; count++) {
      host.log({ level: "info", event: "flood", text: `${count}` });
    }
  });
  strictEqual(logs.length, 256);
});

Deno.test("PluginHost tells times, process and random digits", () => {
  const seen = see((host) => ({
    dateText: host.dateText(),
    processId: host.processId,
    digits: host.randomHex(12),
    nowMs: host.nowMs(),
  }));
  match(seen?.digits ?? "", /^[0-9a-f]{12}$/);
  deepStrictEqual([seen?.dateText, seen?.processId, seen?.nowMs], [
    "Tue Nov 24 10:05:00 2026",
    4711,
    1_000_000,
  ]);
});

Deno.test("PluginHost cannot be changed by a plugin", () => {
  const frozen = see((host) => [host, host.sip, host.store].map((part) => Object.isFrozen(part)));
  deepStrictEqual(frozen, [true, true, true]);
});

Deno.test("PluginHost.textOf() writes the message as it is", () => {
  const plugin = definePlugin({
    name: "probe",
    apiVersion: 1,
    description: "test",
    options: {},
    setup: (_config, host) => ({
      preProxy({ message }) {
        if (message.method !== "OPTIONS") return CONTINUE;
        host.log({ level: "info", event: "text", text: host.textOf(message) });
        return CONTINUE;
      },
    }),
  });
  const world = new PluginBench({ config: "load_plugin = probe", find: () => plugin });
  world.registerAlice();
  const [line = ""] = world.fromPhone(request("OPTIONS sip:bob@192.0.2.10:5070")).logs;
  ok(line.startsWith("info OPTIONS sip:bob@192.0.2.10:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.10"));
  ok(line.endsWith("\r\n\r\n"));
});

Deno.test("PluginHost.addresses() of a peer are those of its family", () => {
  const [four, six] = ["198.51.100.1", "2001:db8::9"].map((text) => address(text));
  deepStrictEqual(see((host) => host.addresses(four)), {
    lan: address("10.0.0.1"),
    wan: address("192.0.2.1"),
    advertised: address("192.0.2.1"),
    listenPort: 5060,
  });
  deepStrictEqual(see((host) => host.addresses(six)), {
    lan: undefined,
    wan: undefined,
    advertised: undefined,
    listenPort: 5060,
  });
});

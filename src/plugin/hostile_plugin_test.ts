import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PluginBench, register, request, type Step } from "../../tests/support/plugin_bench.ts";
import { pluginOfModule } from "./external.ts";
import type { PluginHost } from "./plugin_host.ts";

/** A plugin of the plugin folder whose setup is this code, in strict mode as all modules are. */
function foreign(code: string, more: Readonly<Record<string, unknown>> = {}): PluginBench {
  const setup = (_config: unknown, host: PluginHost): unknown =>
    new Function("host", `"use strict"; ${code}`)(host);
  const definition = { name: "foreign", apiVersion: 1, description: "test", options: {}, setup };
  const plugin = pluginOfModule({ plugin: { ...definition, ...more } }, "foreign");
  if (!plugin.ok) throw new Error(plugin.error);
  const foreign = new Map([["foreign", plugin.value]]);
  return new PluginBench({ config: "load_plugin = foreign", find: () => undefined, foreign });
}

const alice = register({ user: "alice", contact: "sip:alice@10.0.0.10:5062" });
const options = request("OPTIONS sip:bob@192.0.2.10:5070");

function withoutPlugins(): Step {
  return new PluginBench({ config: "" }).fromPhone(alice);
}

const EVIL = '{ key: "x", name: "X", value: "a", line: "X: a\\r\\nEvil: 1" }';
const TRAP = "new Proxy({}, { get() { throw new Error('trap'); } })";

/** Hooks that do what none may, and what is said of them. */
const misdeeds: readonly (readonly [string, string, string])[] = [
  ["returns a proxy that throws", `preProxy: () => ${TRAP}`, "preProxy: Error: trap"],
  [
    "returns a message with a getter that throws",
    "preProxy: () => ({ kind: 'continue', get message() { throw new Error('g'); } })",
    "preProxy: Error: g",
  ],
  [
    "returns a message with a header that is none",
    "preProxy: (e) => ({ kind: 'continue', message: { ...e.message, headers: [null] } })",
    "preProxy: Cannot use message: control character in a header",
  ],
  [
    "returns a message of another kind",
    "preProxy: (e) => ({ kind: 'continue', message: { ...e.message, kind: 'response' } })",
    "preProxy: Cannot use message: it is not a SIP message",
  ],
  [
    "returns endless headers",
    "preProxy: (e) => { const headers = [...e.message.headers]; " +
    "headers[Symbol.iterator] = function* () { for (;;) yield e.message.headers[0]; }; " +
    "return { kind: 'continue', message: { ...e.message, headers } }; }",
    "preProxy: Cannot use message: over 256 headers",
  ],
  [
    "returns a phone that is none",
    "preProxy: () => ({ kind: 'continue', phone: null })",
    "preProxy: Cannot use phone: it is no bindingId with contact or keep",
  ],
  [
    "returns a next hop that is none",
    "preProxy: () => ({ kind: 'continue', nextHop: { address: 'evil', port: 5060 } })",
    "preProxy: Cannot use nextHop: it is no address and port",
  ],
  [
    "returns a port that is none",
    "preProxy: () => ({ kind: 'continue', nextHop: { address: '192.0.2.9', port: 0 } })",
    "preProxy: Cannot use nextHop: it is no address and port",
  ],
  [
    "returns a direction that is none",
    "preProxy: () => ({ kind: 'continue', direction: 'sideways' })",
    "preProxy: Cannot use direction: it is neither incoming nor outgoing",
  ],
  [
    "answers with a code that is none",
    "validate: () => ({ kind: 'reply', statusCode: 'abc' })",
    "validate: Cannot answer: the status code is not 300 … 699",
  ],
  [
    "answers with success",
    "validate: () => ({ kind: 'reply', statusCode: 200 })",
    "validate: Cannot answer: the status code is not 300 … 699",
  ],
  [
    "answers with headers that are none",
    "validate: () => ({ kind: 'reply', statusCode: 403, headers: 7 })",
    "validate: Cannot answer: its headers are no list",
  ],
  [
    "answers with a header that begins another line (R9)",
    `validate: () => ({ kind: 'reply', statusCode: 403, headers: [${EVIL}] })`,
    "validate: Cannot answer: a bad header, or over 32 of them",
  ],
  [
    "writes into the message (R9)",
    `preProxy: (e) => { e.message.headers.push(${EVIL}); return { kind: 'continue' }; }`,
    "preProxy: TypeError: Cannot add property 8, object is not extensible",
  ],
  [
    "writes into a header (R9)",
    "preProxy: (e) => { e.message.headers[0].line = 'X'; return { kind: 'continue' }; }",
    "preProxy: TypeError: Cannot assign to read only property 'line' of object '#<Object>'",
  ],
  [
    "writes into the decoded headers",
    "preProxy: (e) => { e.checked.cseq.method = 'X'; return { kind: 'continue' }; }",
    "preProxy: TypeError: Cannot assign to read only property 'method' of object '#<Object>'",
  ],
  [
    "takes an event apart",
    "determineTarget: (e) => { delete e.message; return { kind: 'continue' }; }",
    "determineTarget: TypeError: Cannot delete property 'message' of #<Object>",
  ],
  [
    "throws what throws when it is read",
    `preProxy: () => { throw ${TRAP}; }`,
    "preProxy: a thrown value",
  ],
  [
    "throws an error whose message is none",
    "preProxy: () => { throw Object.assign(new Error(), { message: Symbol() }); }",
    "preProxy: a thrown value",
  ],
  [
    "waits, and fails later",
    "preProxy: async () => { throw new Error('late'); }",
    "preProxy: TypeError: it returned a promise, and hooks must not wait",
  ],
  [
    "waits where nothing is returned",
    "ownReply: () => {}, processRaw: async () => { throw new Error('late'); }",
    "processRaw: TypeError: it returned a promise, and hooks must not wait",
  ],
  [
    "logs what is no text",
    "preProxy: () => { host.log({ level: 'info', event: 'x', text: {} }); return { kind: 'continue' }; }",
    "preProxy: TypeError: host: log takes a text only",
  ],
  [
    "logs at no level",
    "preProxy: () => { host.log({ level: 'loud', event: 'x' }); return { kind: 'continue' }; }",
    "preProxy: TypeError: host: log needs a level and an event",
  ],
  [
    "logs fields that cannot be posted",
    "preProxy: () => { host.log({ level: 'info', event: 'x', fields: { x() {} } }); }",
    "preProxy: TypeError: host: a field is neither text nor number",
  ],
  [
    "sends to nowhere",
    "preProxy: () => { host.sendDatagram(new Uint8Array(4), {}); }",
    "preProxy: TypeError: host: sendDatagram needs address and port",
  ],
  [
    "sends what are no octets",
    "preProxy: () => { host.sendDatagram('abc', { address: '192.0.2.9', port: 9 }); }",
    "preProxy: TypeError: host: sendDatagram needs octets",
  ],
  [
    "advertises nothing",
    "preProxy: () => { host.advertise({}); }",
    "preProxy: TypeError: host: advertise needs an address",
  ],
  [
    "stores what is no text",
    "preProxy: () => { host.store.set('a', () => 1); }",
    "preProxy: TypeError: host: store.set takes texts only",
  ],
  [
    "reports what is no text",
    "preProxy: () => { host.report('a', () => 1); }",
    "preProxy: TypeError: host: report takes texts only",
  ],
  [
    "changes a database by what is no list",
    "preProxy: () => { host.changeDatabase(() => 1); }",
    "preProxy: TypeError: host: changeDatabase needs a list of at most 65536",
  ],
  [
    "looks up what is no name",
    "preProxy: () => { host.lookUp({}); }",
    "preProxy: TypeError: host: lookUp takes texts only",
  ],
];

for (const [what, hooks, said] of misdeeds) {
  Deno.test(`a foreign hook that ${what}: the message goes on unchanged, and the log names the plugin`, () => {
    const step = foreign(`return { ${hooks} };`).fromPhone(alice);
    deepStrictEqual(step.sent, withoutPlugins().sent);
    deepStrictEqual(step.effects, []);
    deepStrictEqual(step.logs, [
      `error Plugin 'foreign' failed in ${said}; the message goes on`,
    ]);
  });
}

const setups: readonly (readonly [string, string, string])[] = [
  ["returns nothing", "", "setup returned no hooks"],
  ["returns a number", "return 7;", "setup returned no hooks"],
  ["waits", "return Promise.resolve({});", "setup returned a promise: it must not wait"],
  [
    "waits and fails",
    "return Promise.reject(new Error('late'));",
    "setup returned a promise: it must not wait",
  ],
  [
    "returns a hook that is none",
    "return { preProxy: 7 };",
    "setup returned a hook that is no function: preProxy",
  ],
  [
    "returns hooks that throw when they are read",
    "return { get preProxy() { throw new Error('g'); } };",
    "setup failed: Error: g",
  ],
];

for (const [what, code, said] of setups) {
  Deno.test(`a foreign setup that ${what} is left out, and the daemon goes on`, () => {
    const world = foreign(code);
    deepStrictEqual(world.loadLogs, [`error Plugin 'foreign' loaded with failure: ${said}`]);
    deepStrictEqual(world.fromPhone(alice).sent, withoutPlugins().sent);
  });
}

Deno.test("a foreign plugin that fails while its options are examined is left out", () => {
  const world = foreign("return {};", {
    examine: () => {
      throw new RangeError("no");
    },
  });
  deepStrictEqual(world.loadLogs, [
    "error Plugin 'foreign' loaded with failure: reading its options failed: RangeError: no",
  ]);
});

Deno.test("a drop is counted by a word of the plugin's, never by what it took from the network", () => {
  const world = foreign(
    "return { validate: () => ({ kind: 'drop', reason: 'a\\nb'.repeat(99) }) };",
  );
  deepStrictEqual(world.fromPhone(alice).drops, ["plugin-other"]);
});

Deno.test("a copy of an event has its direction, also before it is decided", () => {
  const world = foreign(
    "return { determineTarget: (event) => { const copy = { ...event }; " +
      "host.log({ level: 'info', event: 'x', text: copy.direction }); return { kind: 'continue' }; } };",
  );
  world.registerAlice();
  deepStrictEqual(world.fromPhone(options).logs, ["info outgoing"]);
});

Deno.test("hooks may find their own things by this, also those of a class", () => {
  const world = foreign(
    "return new class { #seen = 0; processRaw() { this.#seen++; return { kind: 'continue' }; } " +
      "preProxy() { host.log({ level: 'info', event: 'x', text: `seen ${this.#seen}` }); " +
      "return { kind: 'continue' }; } };",
  );
  deepStrictEqual(world.fromPhone(alice).logs, ["info seen 1"]);
});

Deno.test("a foreign processRaw cannot take the octets away from the transport", () => {
  const world = foreign(
    "return { processRaw: ({ data }) => { structuredClone(0, { transfer: [data.buffer] }); " +
      "return { kind: 'continue' }; } };",
  );
  deepStrictEqual(world.fromPhone(alice).sent, withoutPlugins().sent);
});

Deno.test("a foreign ownReply cannot change the answer", () => {
  const world = foreign("return { ownReply: (reply) => { reply.message.headers.length = 0; } };");
  const stranger = request("INVITE sip:bob@192.0.2.10:5070");
  const step = world.fromPhone(stranger);
  deepStrictEqual(step.sent, new PluginBench({ config: "" }).fromPhone(stranger).sent);
  strictEqual(step.logs.length, 1);
  ok(step.logs[0]?.startsWith("error Plugin 'foreign' failed in ownReply: TypeError:"));
});

Deno.test("a foreign hook cannot end a registration by writing into it", () => {
  const world = foreign(
    "return { preProxy: (event) => { if (event.message.method === 'OPTIONS') " +
      "host.registrations()[0].expiresAtMs = 0; return { kind: 'continue' }; } };",
  );
  world.registerAlice();
  deepStrictEqual(world.fromPhone(options).logs, [
    "error Plugin 'foreign' failed in preProxy: TypeError: Cannot assign to read only property " +
    "'expiresAtMs' of object '#<Object>'; the message goes on",
  ]);
});

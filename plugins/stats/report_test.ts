import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import type { PluginCall, PluginStream } from "../../src/plugin/api.ts";
import { type Figures, readFigures } from "./figures.ts";
import { fileText, logText } from "./report.ts";

const stream: PluginStream = {
  mediaIndex: 0,
  lanLocal: address("10.0.0.1"),
  wanLocal: address("192.0.2.1"),
  lanRemote: address("10.0.0.10"),
  wanRemote: undefined,
};

function call(changes: Partial<PluginCall>): PluginCall {
  return {
    callId: "one@host",
    direction: "outgoing",
    method: "INVITE",
    phase: "confirmed",
    phoneAddress: address("10.0.0.10"),
    phoneContactUri: "sip:alice@10.0.0.10:5062",
    streams: [stream],
    ...changes,
  };
}

function figures(calls: readonly PluginCall[]): Figures {
  return readFigures({ calls: () => calls, registrations: () => [] });
}

Deno.test("readFigures() counts streams by direction, calls and clients", () => {
  const { activeCalls, activeClients, streams } = figures([
    call({}),
    call({ callId: "two@host", streams: [stream, { ...stream, mediaIndex: 1 }] }),
    call({ callId: "three@host", phoneContactUri: "sip:bob@10.0.0.11" }),
  ]);
  deepStrictEqual([activeCalls, activeClients, streams.length], [3, 2, 8]);
});

Deno.test("readFigures() leaves out what has no media", () => {
  deepStrictEqual(figures([call({ streams: [] })]), {
    streams: [],
    activeCalls: 0,
    activeClients: 0,
    registeredClients: 0,
  });
});

Deno.test("readFigures() sorts by client, call host, call number and media line", () => {
  const second = { ...stream, mediaIndex: 1 };
  const { streams } = figures([
    call({ callId: "b@z", phoneContactUri: "sip:bob@h" }),
    call({ callId: "b@a", streams: [second, stream] }),
    call({ callId: "a@a" }),
    call({ callId: "c@Z" }),
  ]);
  deepStrictEqual(
    streams.map((line) =>
      `${line.clientId} ${line.callNumber}@${line.callHost} ${line.mediaIndex}`
    ),
    [
      "alice@10.0.0.10 c@Z 0",
      "alice@10.0.0.10 c@Z 0",
      "alice@10.0.0.10 a@a 0",
      "alice@10.0.0.10 a@a 0",
      "alice@10.0.0.10 b@a 0",
      "alice@10.0.0.10 b@a 0",
      "alice@10.0.0.10 b@a 1",
      "alice@10.0.0.10 b@a 1",
      "bob@h b@z 0",
      "bob@h b@z 0",
    ],
  );
});

const clients: readonly (readonly [string, string])[] = [
  ["sip:alice@10.0.0.10:5062;line=x", "alice@10.0.0.10"],
  ["sip:10.0.0.10", "10.0.0.10"],
  ["tel:123", "10.0.0.10"],
  ["", "10.0.0.10"],
];

for (const [phoneContactUri, clientId] of clients) {
  Deno.test(`readFigures() names the client of "${phoneContactUri}" ${clientId}`, () => {
    strictEqual(figures([call({ phoneContactUri })]).streams[0]?.clientId, clientId);
  });
}

const ids: readonly (readonly [string, string])[] = [
  ["one@host", "one@host"],
  ["bare", "bare"],
  ["a;b@host", "a%3Bb@host"],
  ["a\nb", "a\\x0ab"],
];

for (const [callId, written] of ids) {
  Deno.test(`fileText() writes the Call-ID ${JSON.stringify(callId)} as ${written}`, () => {
    const text = fileText(figures([call({ callId })]), { dateText: () => "now", processId: 1 });
    ok(
      text.includes(`Data;alice@10.0.0.10;${written};Outgoing;Incoming;10.0.0.1;10.0.0.10\n`),
      text,
    );
  });
}

Deno.test("logText() writes siproxd's line", () => {
  strictEqual(
    logText({ streams: [], activeCalls: 12, activeClients: 3, registeredClients: 400 }),
    "STATS: 0 active Streams, 12 active Calls, 3 active Clients, 400 registered Clients",
  );
});

Deno.test("fileText() keeps its columns when numbers grow", () => {
  const text = fileText(
    { streams: [], activeCalls: 123_456, activeClients: 3, registeredClients: 1_000_000 },
    { dateText: () => "Tue Nov 24 10:05:00 2026", processId: 7 },
  );
  deepStrictEqual(text.split("\n").slice(5, 9), [
    "registered Clients: 1000000",
    "active Clients:          3",
    "active Calls:       123456",
    "active Streams:          0",
  ]);
});

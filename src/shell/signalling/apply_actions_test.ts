import { deepStrictEqual } from "node:assert/strict";
import type { SocketAddress } from "../../base/socket_address.ts";
import { Counters } from "../../metrics/counters.ts";
import type { Action } from "../../proxy/outcome.ts";
import { createProxyState } from "../../proxy/proxy.ts";
import type { RelayCommand } from "../../rtp/relay_command.ts";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { applyActions } from "./apply_actions.ts";
import { Journal } from "./journal.ts";
import type { JournalBatch } from "../protocol.ts";

/** Carries actions out and tells everything that happened, in its order. */
function carryOut(actions: readonly Action[]) {
  const done: string[] = [];
  const batches: JournalBatch[] = [];
  const relayed: (readonly RelayCommand[])[] = [];
  const state = createProxyState(configOf([]));
  const counters = new Counters();
  const journal = new Journal({
    debugLevel: 0,
    componentLevels: [],
    post: (batch) => batches.push(batch),
  });
  const targets = {
    state,
    counters,
    journal,
    media: {
      freePairs: () => [],
      apply: (commands: readonly RelayCommand[]) => {
        done.push("relay");
        relayed.push(commands);
      },
    },
    hosts: {
      markDead: (peer: SocketAddress, nowMs: number) =>
        void done.push(`dead ${peer.address} at ${nowMs}`),
      markAlive: (peer: SocketAddress) => void done.push(`alive ${peer.address}`),
    },
    send: (data: Uint8Array) => void done.push(`send ${new TextDecoder().decode(data)}`),
  };
  applyActions(actions, { targets, nowMs: 1000 });
  journal.flush();
  return { done, batches, relayed, state, counters: Object.fromEntries(counters.snapshot()) };
}

const HOP = {
  side: "wan",
  transport: "udp",
  peer: { address: ip("192.0.2.9"), port: 5060 },
  connectionId: undefined,
} as const;

function send(text: string): Action {
  return { kind: "send", data: new TextEncoder().encode(text), hop: HOP };
}

Deno.test("applyActions() sends in order and counts what it sends", () => {
  const { done, counters } = carryOut([send("one"), send("two")]);
  deepStrictEqual([done, counters], [["send one", "send two"], { sip_sent: 2 }]);
});

Deno.test("applyActions() hands the relay commands of one outcome over together, before it sends", () => {
  const close = (streamId: number): Action => ({
    kind: "relay",
    command: { kind: "close", streamId },
  });
  const { relayed, done } = carryOut([close(1), send("between"), close(2)]);
  deepStrictEqual(done, ["relay", "send between"]);
  deepStrictEqual(relayed, [[{ kind: "close", streamId: 1 }, { kind: "close", streamId: 2 }]]);
});

Deno.test("applyActions() changes the tables and notes the change for the supervisor", () => {
  const source = { address: ip("10.0.0.2"), port: 5060 };
  const binding = {
    bindingId: "b",
    addressOfRecord: "alice@example.org",
    addressOfRecordUri: "sip:alice@example.org",
    contactUri: "sip:alice@10.0.0.2",
    publicUri: "sip:alice@192.0.2.1",
    token: undefined,
    source,
    transport: "udp",
    target: source,
    instanceId: undefined,
    registerCallId: "c",
    registerCseq: 1,
    registrar: undefined,
    expiresAtMs: 60_000,
  } as const;
  const bind = { kind: "bind", binding } as const;
  const { state, batches } = carryOut([{ kind: "binding", change: bind }]);
  deepStrictEqual(state.bindings.size, 1);
  deepStrictEqual(batches, [{ bindings: [bind], dialogs: [], logs: [] }]);
  const end = { kind: "end", dialogId: "d" } as const;
  deepStrictEqual(carryOut([{ kind: "dialog", change: end }]).batches[0]?.dialogs, [end]);
});

Deno.test("applyActions() counts by reason and logs", () => {
  const event = { level: "info", component: "test", event: "hello" } as const;
  const { counters, batches } = carryOut([
    { kind: "count", counter: "sip_dropped", reason: "loop" },
    { kind: "count", counter: "sip_received" },
    { kind: "log", event },
  ]);
  deepStrictEqual(counters, { "sip_dropped{loop}": 1, sip_received: 1 });
  deepStrictEqual(batches[0]?.logs, [event]);
});

Deno.test("applyActions() remembers known peers", () => {
  const { state } = carryOut([{ kind: "know", peer: ip("192.0.2.9") }]);
  deepStrictEqual(state.knownPeers.get(ip("192.0.2.9"), 1001), "peer");
});

Deno.test("applyActions() tells the host table which servers answer", () => {
  const { peer } = HOP;
  const { done } = carryOut([
    { kind: "peer-health", peer, health: "silent" },
    { kind: "peer-health", peer, health: "alive" },
  ]);
  deepStrictEqual(done, ["dead 192.0.2.9 at 1000", "alive 192.0.2.9"]);
});

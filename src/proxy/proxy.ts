/**
 * The pure proxy: a message and the state go in, actions come out.
 * It holds no socket and no clock; nothing changes before {@linkcode applyStateAction} is called with an action.
 * The signalling isolate's loop calls it, and the simulated tests in its place.
 *
 * @module
 */
import { compileAccessLists } from "../access/access_list.ts";
import { AuthMemory } from "../auth/auth_memory.ts";
import { configuredPasswords } from "../auth/passwords.ts";
import { BoundedMap } from "../base/bounded_map.ts";
import type { IpAddress } from "../base/ip_address.ts";
import type { Config } from "../config/config.ts";
import type { Binding, BindingChange } from "../registrar/binding.ts";
import { plannedBindings } from "../registrar/plan_registration.ts";
import { emptyChain, type PluginChain } from "../plugin/host.ts";
import { BindingTable } from "../registrar/binding_table.ts";
import { AnswerBudget } from "./answer_budget.ts";
import { SILENT_LIFETIME_MS } from "./dialog_life.ts";
import { type DialogRecord, DialogTable } from "./dialog_table.ts";
import { endingActions } from "./end_dialog.ts";
import type { Env } from "./env.ts";
import type { Action } from "./outcome.ts";
import { pluginWorld } from "./plugin_view.ts";
import { createAnsweredRegisters, createPendingRegistrations } from "./pending_registrations.ts";
import type { ProxyState, World } from "./state.ts";
import { RetransmissionTable } from "./retransmissions.ts";
import { StrangerNews } from "./stranger_news.ts";
import { createTransactionMemo } from "./transaction_memo.ts";

export { deliveryFailed, type Undelivered } from "./delivery_failed.ts";
export { repeatRequests } from "./repeat_requests.ts";
export { runPipeline } from "./run_pipeline.ts";

/** Outbound peers remembered: each registrar and each peer of a dialog is one. */
const MAX_KNOWN_PEERS = 4_096;

/** Of them such that a request was only sent to; the rest is kept for registrars that took one (R15). */
const MAX_HOPED_PEERS = 2_048;

/** A registrar is heard of at every refresh, a peer at every call: an hour outlives both. */
const KNOWN_PEER_LIFETIME_MS = 3_600_000;

/**
 * Makes the state of a proxy that knows nobody yet.
 *
 * @param config what it was told
 * @param plugins those that are loaded
 * @returns an empty state
 */
export function createProxyState(config: Config, plugins: PluginChain = emptyChain()): ProxyState {
  return {
    config,
    access: compileAccessLists(config.access),
    bindings: new BindingTable({ maxRegistrations: config.registrar.maxRegistrations }),
    dialogs: new DialogTable(),
    memo: createTransactionMemo(),
    pending: createPendingRegistrations(),
    answered: createAnsweredRegisters(),
    retransmissions: new RetransmissionTable(),
    plugins,
    answerBudget: new AnswerBudget(),
    strangerNews: new StrangerNews(),
    knownPeers: new BoundedMap({
      maxEntries: MAX_KNOWN_PEERS,
      lifetimeMs: KNOWN_PEER_LIFETIME_MS,
    }),
    providers: new Set(),
    auth: new AuthMemory(),
    passwords: configuredPasswords(config.auth),
  };
}

/**
 * Obeys another configuration from the next run on; registrations, legs and everything else remembered stay.
 *
 * @param state what keeps its memory
 * @param config what it was told anew; the size of the registration table stays as it was made
 */
export function reconfigureState(state: ProxyState, config: Config): void {
  state.config = config;
  state.access = compileAccessLists(config.access);
}

/**
 * Changes the state as an action says; actions that concern the world only are left to the shell.
 *
 * @param action of an outcome that is being carried out
 * @param target the state that changes, and the monotonic milliseconds of the run
 */
export function applyStateAction(
  action: Action,
  target: { readonly state: ProxyState; readonly nowMs: number },
): void {
  const { state, nowMs } = target;
  switch (action.kind) {
    case "binding":
      state.bindings.apply(action.change);
      knowRegistrar(state, { change: action.change, nowMs });
      break;
    case "dialog":
      state.dialogs.apply(action.change);
      break;
    case "remember":
      state.memo.set(action.key, { value: action.record, nowMs });
      break;
    case "pend":
      state.pending.set(action.branch, { value: action.pending, nowMs });
      state.bindings.reserve(plannedBindings(action.pending.plan), nowMs);
      break;
    case "settle":
      state.pending.delete(action.branch);
      if (action.taken !== undefined) {
        const { callId, cseqNumber } = action.taken;
        state.answered.set(callId, { value: { cseqNumber, atMs: nowMs }, nowMs });
      }
      break;
    case "retransmit":
      state.retransmissions.apply(action.change, nowMs);
      break;
    case "charge":
      if (action.answer === "sent") state.answerBudget.charge(action.source, nowMs);
      else state.strangerNews.note(action.source, nowMs);
      break;
    case "know":
      if (mayKnow(state, { peer: action.peer, nowMs })) {
        state.knownPeers.set(action.peer, { value: "peer", nowMs });
      }
      break;
    case "auth":
      state.auth.apply(action.change, nowMs);
      break;
    default:
      break;
  }
}

/** A flood of requests to invented servers must not drive out those that registrations live on. */
function mayKnow(
  { knownPeers }: ProxyState,
  asked: { readonly peer: IpAddress; readonly nowMs: number },
): boolean {
  const { peer, nowMs } = asked;
  return knownPeers.size < MAX_HOPED_PEERS || knownPeers.get(peer, nowMs) !== undefined;
}

function knowRegistrar(
  { knownPeers }: ProxyState,
  bound: { readonly change: BindingChange; readonly nowMs: number },
): void {
  const { change, nowMs } = bound;
  const peer = change.kind === "bind" ? change.binding.registrar?.address : undefined;
  if (peer !== undefined) knownPeers.set(peer, { value: "peer", nowMs });
}

/**
 * Lets time pass: ends what has expired.
 *
 * @param state what is looked through
 * @param env the world at this moment
 * @returns actions to carry out
 */
export function runTick(state: ProxyState, env: Env): readonly Action[] {
  const actions: Action[] = [];
  for (const binding of state.bindings.expire(env.nowMs)) {
    const fields = { aor: binding.addressOfRecordUri, contact: binding.contactUri };
    const event = { level: "info", component: "registrar", event: "reg.expired", fields } as const;
    actions.push(
      { kind: "binding", change: { kind: "unbind", bindingId: binding.bindingId } },
      { kind: "log", event },
    );
  }
  for (const dialog of state.dialogs.expired(env.nowMs)) actions.push(...endingActions(dialog));
  if (state.plugins.has("onTimer")) {
    actions.push(...state.plugins.notify("onTimer", pluginWorld({ state, env })));
  }
  state.memo.expire(env.nowMs);
  state.pending.expire(env.nowMs);
  state.answered.expire(env.nowMs);
  state.knownPeers.expire(env.nowMs);
  state.auth.expire(env.nowMs);
  return actions;
}

/**
 * Lets plugins tell their statistics.
 *
 * @param state the proxy
 * @param env the world at this moment
 * @returns actions to carry out
 */
export function askPluginStatistics(state: ProxyState, env: Env): readonly Action[] {
  return state.plugins.notify("onStatistics", pluginWorld({ state, env }));
}

/**
 * Takes note that a stream got no packet for its time-out; the leg stays for its BYE (siproxd sends nothing either).
 *
 * @param streamId the stream that the media isolate closed
 * @param world where its leg is, and the world at this moment
 * @returns actions to carry out
 */
export function mediaExpired(streamId: number, world: World): readonly Action[] {
  const { state, env } = world;
  const dialog = state.dialogs.byStream(streamId);
  if (dialog === undefined) return [];
  const streams = dialog.streams.filter((stream) => stream.streamId !== streamId);
  const expiresAtMs = streams.length > 0
    ? dialog.expiresAtMs
    : Math.min(dialog.expiresAtMs, env.nowMs + SILENT_LIFETIME_MS);
  return [{
    kind: "dialog",
    change: { kind: "put", dialog: { ...dialog, streams, expiresAtMs } },
  }];
}

/**
 * Puts back what an earlier isolate, or an earlier run of the daemon, knew.
 *
 * @param state an empty state
 * @param snapshot registrations and legs
 */
export function restoreState(
  state: ProxyState,
  snapshot: {
    readonly bindings: readonly Binding[];
    readonly dialogs: readonly DialogRecord[];
    /** Monotonic milliseconds. */
    readonly nowMs: number;
  },
): void {
  const { nowMs } = snapshot;
  for (const binding of snapshot.bindings) {
    state.bindings.apply({ kind: "bind", binding });
    const peer = binding.registrar?.address;
    if (peer !== undefined) state.knownPeers.set(peer, { value: "peer", nowMs });
  }
  for (const dialog of snapshot.dialogs) state.dialogs.apply({ kind: "put", dialog });
}

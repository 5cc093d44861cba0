import type { Side } from "../../base/socket_address.ts";
import { assertNever } from "../../base/assert_never.ts";
import type { HostTable } from "../../dns/host_table.ts";
import type { Counters } from "../../metrics/counters.ts";
import type { Hop } from "../../proxy/hop.ts";
import type { Action } from "../../proxy/outcome.ts";
import { applyStateAction } from "../../proxy/proxy.ts";
import type { PluginEffect } from "../../plugin/effect.ts";
import type { ProxyState } from "../../proxy/state.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import type { Journal } from "./journal.ts";

/** Where relay commands go. */
export interface RelaySink {
  readonly freePairs: (side: Side) => readonly PortPair[];
  readonly apply: (commands: readonly RelayCommand[]) => void;
}

/** What outcomes are carried out on. */
export interface ActionTargets {
  readonly state: ProxyState;
  readonly counters: Counters;
  readonly journal: Journal;
  readonly media: RelaySink;
  readonly send: (data: Uint8Array, hop: Hop) => void;
  /** Does what plugins ask for; where there are none it is left out. */
  readonly plugin?: (effect: PluginEffect) => void;
  /** Which servers answer. */
  readonly hosts: Pick<HostTable, "markDead" | "markAlive">;
}

/**
 * Carries an outcome out, in its order; but relay commands of one message go to the media isolate together and first,
 * so that it knows both ends before the phone that is answered can send its first packet.
 *
 * @param actions what a run, a tick or an expired stream asks for
 * @param context what to do it on, and the moment of the run in milliseconds
 */
export function applyActions(
  actions: readonly Action[],
  context: { readonly targets: ActionTargets; readonly nowMs: number },
): void {
  const { targets, nowMs } = context;
  let commands: RelayCommand[] | undefined;
  for (const action of actions) if (action.kind === "relay") (commands ??= []).push(action.command);
  if (commands !== undefined) targets.media.apply(commands);
  for (const action of actions) {
    switch (action.kind) {
      case "send":
        targets.counters.add("sip_sent");
        targets.counters.messages.sent(action.data, action.hop);
        targets.journal.sent(action.data, action.hop.peer);
        targets.send(action.data, action.hop);
        break;
      case "binding":
        applyStateAction(action, { state: targets.state, nowMs });
        targets.journal.binding(action.change);
        break;
      case "dialog":
        applyStateAction(action, { state: targets.state, nowMs });
        targets.journal.dialog(action.change);
        break;
      case "remember":
      case "pend":
      case "settle":
      case "retransmit":
      case "charge":
      case "know":
      case "auth":
        applyStateAction(action, { state: targets.state, nowMs });
        break;
      case "peer-health":
        if (action.health === "silent") targets.hosts.markDead(action.peer, nowMs);
        else targets.hosts.markAlive(action.peer);
        break;
      case "relay":
        break;
      case "plugin":
        targets.plugin?.(action.effect);
        break;
      case "log":
        targets.journal.log(action.event);
        break;
      case "count":
        targets.counters.add(
          action.counter,
          action.reason === undefined ? {} : { reason: action.reason },
        );
        break;
      default:
        assertNever(action);
    }
  }
}

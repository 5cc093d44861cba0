import type { Side, SocketAddress } from "../base/socket_address.ts";
import type { IpAddress, IpFamily } from "../base/ip_address.ts";
import type { AuthChange } from "../auth/auth_memory.ts";
import type { Hop } from "./hop.ts";
import type { HostQuery } from "../dns/host_query.ts";
import type { LogEvent } from "../log/log_event.ts";
import type { BindingChange } from "../registrar/binding.ts";
import type { RelayCommand } from "../rtp/relay_command.ts";
import type { CounterName } from "../metrics/counters.ts";
import type { DialogChange } from "./dialog_table.ts";
import type { PluginEffect } from "../plugin/effect.ts";
import type { TransactionRecord } from "./transaction_memo.ts";
import type { PendingRegistration } from "./pending_registrations.ts";
import type { RetransmissionChange } from "./retransmissions.ts";

/** Which REGISTER of its phone a registrar took last. */
export interface TakenRegister {
  readonly callId: string;
  readonly cseqNumber: number;
}

/** What the shell does after a run that ended well, in this order. */
export type Action =
  | { readonly kind: "send"; readonly data: Uint8Array; readonly hop: Hop }
  | { readonly kind: "binding"; readonly change: BindingChange }
  | { readonly kind: "dialog"; readonly change: DialogChange }
  | { readonly kind: "remember"; readonly key: string; readonly record: TransactionRecord }
  | { readonly kind: "pend"; readonly branch: string; readonly pending: PendingRegistration }
  /** A REGISTER was answered; `taken` when its registrar said yes and no later one had been answered before. */
  | { readonly kind: "settle"; readonly branch: string; readonly taken?: TakenRegister }
  /** A request that left a stream for UDP is to be repeated, or has been answered. */
  | { readonly kind: "retransmit"; readonly change: RetransmissionChange }
  /** An answer of ours went to a stranger, or was withheld from him. */
  | { readonly kind: "charge"; readonly source: IpAddress; readonly answer: "sent" | "withheld" }
  /** An outbound address is a registrar, a proxy or a peer of ours from now on. */
  | { readonly kind: "know"; readonly peer: IpAddress }
  /** An outbound server left a request without any answer, or has answered again: new transactions heed it. */
  | {
    readonly kind: "peer-health";
    readonly peer: SocketAddress;
    readonly health: "silent" | "alive";
  }
  | { readonly kind: "auth"; readonly change: AuthChange }
  | { readonly kind: "relay"; readonly command: RelayCommand }
  /** What a plugin asked for. */
  | { readonly kind: "plugin"; readonly effect: PluginEffect }
  | { readonly kind: "log"; readonly event: LogEvent }
  | { readonly kind: "count"; readonly counter: CounterName; readonly reason?: string };

/** What a run could not know: the shell supplies it and runs the same input again, at most {@linkcode MAX_RUNS} times. */
export type Need =
  | { readonly kind: "host"; readonly query: HostQuery }
  | {
    readonly kind: "media-ports";
    readonly lanPairs: number;
    readonly wanPairs: number;
    /** Family that the ports of each side must be of. */
    readonly families: Readonly<Record<Side, IpFamily>>;
  }
  /** Whether a server takes streams. */
  | { readonly kind: "stream"; readonly peer: SocketAddress };

/** End of a run: actions to carry out (none for a silent drop), or something to supply first. */
export type Outcome =
  | { readonly kind: "done"; readonly actions: readonly Action[] }
  | { readonly kind: "need"; readonly need: Need };

/** A first run, then one after the name, one after the ports and one after the dial; a fifth would be a loop. */
export const MAX_RUNS = 4;

import type { IpAddress } from "../base/ip_address.ts";
import type { Passwords } from "../auth/passwords.ts";
import type { Config } from "../config/config.ts";
import type { HostsTable } from "../dns/hosts_file.ts";
import type { LogEvent } from "../log/log_event.ts";
import type { MessageCount } from "../metrics/message_tally.ts";
import type { DialogChange, DialogRecord } from "../proxy/dialog_table.ts";
import type { OwnAddresses } from "../proxy/env.ts";
import type { Binding, BindingChange } from "../registrar/binding.ts";
import type { PluginEffect } from "../plugin/effect.ts";
import type { PluginSetup } from "./signalling/plugin_setup.ts";
import type { JailReport } from "./machine/jail_probe.ts";

/** One own address to serve SIP on. */
export interface ListenAddress {
  /** `both` where LAN and WAN are one address; `loopback` serves a PBX on the same host. */
  readonly role: "lan" | "wan" | "both" | "loopback";
  readonly address: IpAddress;
  /** `optional`: a port that somebody else holds is complained of, and the start goes on. Loopback always is. */
  readonly need?: "optional";
}

/** The machine's addresses as the daemon uses them at this moment. */
export interface NetworkView {
  readonly own: OwnAddresses;
  readonly listen: readonly ListenAddress[];
}

/** Why an isolate is started: the first one must find its ports free, later ones may have to wait for them. */
export type StartReason = "first" | "after-crash" | "after-hang";

/** What the signalling isolate remembers across a replacement. */
export interface StateSnapshot {
  readonly bindings: readonly Binding[];
  readonly dialogs: readonly DialogRecord[];
}

/** Everything the signalling isolate needs to begin. */
export interface SignallingSetup {
  readonly config: Config;
  readonly network: NetworkView;
  readonly snapshot: StateSnapshot;
  /** Names of /etc/hosts, which the isolate cannot read. */
  readonly hosts: HostsTable;
  /** Key of branches and tags; the same over all replacements, so that answers under way are recognised. */
  readonly secretKey: string;
  /** What digest authentication checks against: the isolate cannot read the password file. */
  readonly passwords: Passwords;
  /** Files, texts and rows for its plugins. */
  readonly plugins: PluginSetup;
  /** The supervisor's clock. */
  readonly nowMs: number;
  /** Media isolates that there are, or can be. */
  readonly mediaWorkers: number;
  readonly reason: StartReason;
}

/** What a reload brings; the rest of the setup stays. */
export type ReloadedSettings = Pick<
  SignallingSetup,
  "config" | "network" | "passwords" | "plugins"
>;

/** Supervisor → signalling. */
export type ToSignalling =
  | { readonly kind: "configure"; readonly setup: SignallingSetup }
  /** A direct channel to a (new) media isolate. */
  | { readonly kind: "media"; readonly worker: number; readonly mediaPort: MessagePort }
  /** That media isolate is gone; a channel to its successor follows. */
  | { readonly kind: "media-lost"; readonly worker: number }
  | { readonly kind: "network"; readonly network: NetworkView }
  /** Another configuration; answered by `reloaded`. */
  | { readonly kind: "reload"; readonly settings: ReloadedSettings }
  /** The password file has changed. */
  | { readonly kind: "passwords"; readonly passwords: Passwords }
  | { readonly kind: "ping" }
  | { readonly kind: "statistics" }
  /** An operator asks for statistics: plugins tell theirs. */
  | { readonly kind: "plugin-statistics" }
  | { readonly kind: "probe" }
  | { readonly kind: "stop" };

/** Figures of the signalling isolate. */
export interface SignallingStatistics {
  readonly counters: ReadonlyMap<string, number>;
  /** SIP messages by direction and kind. */
  readonly messages: readonly MessageCount[];
  /** Longest delay of the isolate's own timer in the last minutes. */
  readonly loopLagMs: number;
  readonly bindings: number;
  readonly dialogs: number;
  readonly waitingMessages: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
}

/** Changes and log events of the last moments, in one message. */
export interface JournalBatch {
  readonly bindings: readonly BindingChange[];
  readonly dialogs: readonly DialogChange[];
  readonly logs: readonly LogEvent[];
}

/** Signalling → supervisor. */
export type FromSignalling =
  | { readonly kind: "loaded" }
  | { readonly kind: "ready" }
  | { readonly kind: "start-failed"; readonly reason: string }
  /** The configuration is obeyed, or all stays as it was: the new port is taken, a plugin cannot be set up. */
  | { readonly kind: "reloaded"; readonly failure: string | undefined }
  /** Nothing caught an error: the isolate ends, this is its stack. */
  | { readonly kind: "crashed"; readonly stack: string }
  | { readonly kind: "journal"; readonly batch: JournalBatch }
  /** What a plugin asked for and only the supervisor can do. */
  | { readonly kind: "plugin"; readonly effect: PluginEffect }
  /** The media isolates have much to do, or no ports left: the next one is wanted, if there is to be one. */
  | { readonly kind: "media-busy" }
  /** Name of the plugin whose foreign code runs for the first time; undefined when it came back. */
  | { readonly kind: "plugin-setup"; readonly name: string | undefined }
  | { readonly kind: "pong" }
  | { readonly kind: "statistics"; readonly statistics: SignallingStatistics }
  | { readonly kind: "probed"; readonly report: JailReport }
  | { readonly kind: "stopped" };

import type { ShownAddresses } from "../base/side_addresses.ts";
import type { HostAnswer, HostQuery } from "../dns/host_query.ts";
import type { BindingTable } from "../registrar/binding_table.ts";
import type { PluginAction } from "./effect.ts";
import type { DatabaseRows, PluginCall } from "./plugin_host.ts";

/** The proxy and the world at the moment a hook is called; read only. */
export interface PluginWorld {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly own: ShownAddresses;
  readonly listenPort: number;
  readonly lookUp: (query: HostQuery) => HostAnswer;
  readonly randomHex: (digits: number) => string;
  readonly bindings: Pick<BindingTable, "all" | "byAddressOfRecord" | "isExpired">;
  readonly calls: () => readonly PluginCall[];
}

/** What hooks are measured and dated by. */
export interface PluginClock {
  /** Milliseconds of the clock that the proxy runs by. */
  readonly nowMs: () => number;
  /** Monotonic milliseconds with fractions, to measure hooks by. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Milliseconds that local time is ahead of UTC; UTC without it. */
  readonly zoneOffsetMs?: () => number;
}

/** What plugins start with besides their configuration. */
export interface PluginSupplies {
  readonly clock: PluginClock;
  readonly processId: number;
  /** Texts kept from the last run, by plugin. */
  readonly stored: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Database rows from the last run, by plugin. */
  readonly databases: Readonly<Record<string, DatabaseRows>>;
  /** Where it is noted whose hook runs, for whoever finds the isolate hanging. */
  readonly running?: RunningHook | undefined;
}

/** One number in memory that two isolates see: `hookMark` of the plugin whose hook runs, 0 for none. */
export type RunningHook = Int32Array<SharedArrayBuffer>;

/** What all plugins of a chain share while they are called: the world of this run, and what they ask for. */
export interface PluginSession {
  world: PluginWorld | undefined;
  actions: PluginAction[];
  readonly running?: RunningHook | undefined;
}

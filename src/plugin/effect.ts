import type { IpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import type { HostQuery } from "../dns/host_query.ts";
import type { LogEvent } from "../log/log_event.ts";
import type { CounterName } from "../metrics/counters.ts";

/** One row change of the database that the supervisor keeps for a plugin; `undefined` values are not written. */
export interface DatabaseChange {
  /** Name of the table. */
  readonly table: string;
  /** Columns that name the row. */
  readonly key: Readonly<Record<string, string | number>>;
  /** Columns to set; undefined deletes the row. */
  readonly values: Readonly<Record<string, string | number>> | undefined;
}

/** What a plugin asks the shell to do. */
export type PluginEffect =
  /** A datagram from the outbound SIP socket. */
  | { readonly kind: "send-datagram"; readonly data: Uint8Array; readonly target: SocketAddress }
  /** Look a name up, so that it is in the cache the next time. */
  | { readonly kind: "resolve"; readonly query: HostQuery }
  /** The outside sees us under this address from now on. */
  | { readonly kind: "advertise"; readonly plugin: string; readonly address: IpAddress }
  /** Keep a text over restarts; undefined forgets it. */
  | {
    readonly kind: "store";
    readonly plugin: string;
    readonly key: string;
    readonly value: string | undefined;
  }
  /** Write the file that an option of the plugin names. */
  | {
    readonly kind: "report";
    readonly plugin: string;
    readonly option: string;
    readonly text: string;
  }
  | {
    readonly kind: "database";
    readonly plugin: string;
    readonly changes: readonly DatabaseChange[];
  };

/** What the hooks of a run leave behind, carried out with the run's own actions. */
export type PluginAction =
  | { readonly kind: "plugin"; readonly effect: PluginEffect }
  | { readonly kind: "log"; readonly event: LogEvent }
  | { readonly kind: "count"; readonly counter: CounterName; readonly reason?: string };

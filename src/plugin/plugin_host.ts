import type { IpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import type { AccessEntry } from "../config/config.ts";
import type { Binding } from "../registrar/binding.ts";
import type { LogLevel } from "../log/log_event.ts";
import type { SipMessage } from "../sip/message.ts";
import type { AnyUri } from "../sip/uri.ts";
import type { DatabaseChange } from "./effect.ts";
import type { Direction } from "./hooks.ts";
import type { SipToolbox } from "./toolbox.ts";

/** One thing that a plugin says in the log. */
export interface PluginLogEntry {
  /** How much it matters. */
  readonly level: LogLevel;
  /** Stable name for analysers, such as `call.start`. */
  readonly event: string;
  /** What people read. */
  readonly text?: string;
  /** What programs read. */
  readonly fields?: Readonly<Record<string, string | number>>;
}

/** One relayed media stream of a call. */
export interface PluginStream {
  /** Which `m=` line of the session description, from 0. */
  readonly mediaIndex: number;
  /** Our own address towards the phone. */
  readonly lanLocal: IpAddress;
  /** Our own address towards the outside. */
  readonly wanLocal: IpAddress;
  /** Undefined while that side has not said where its media goes. */
  readonly lanRemote: IpAddress | undefined;
  /** Where media to the outside go. */
  readonly wanRemote: IpAddress | undefined;
}

/** One call or subscription that passes through us. */
export interface PluginCall {
  /** Call-ID as the phone knows it. */
  readonly callId: string;
  /** Who began it. */
  readonly direction: Direction;
  /** `INVITE` or `SUBSCRIBE`. */
  readonly method: string;
  /** `early` until it is answered, `ending` after a BYE. */
  readonly phase: "early" | "confirmed" | "ending";
  /** Address of the phone. */
  readonly phoneAddress: IpAddress;
  /** Contact URI of the phone. */
  readonly phoneContactUri: string;
  /** Its media; empty before an answer. */
  readonly streams: readonly PluginStream[];
}

/** Our own addresses at this moment; undefined while an interface is down. */
export interface PluginAddresses {
  /** Address towards the phones. */
  readonly lan: IpAddress | undefined;
  /** Address of the outbound interface. */
  readonly wan: IpAddress | undefined;
  /** What the outside is told. */
  readonly advertised: IpAddress | undefined;
  /** Port of the SIP sockets. */
  readonly listenPort: number;
}

/** Texts that survive a restart. */
export interface PluginStore {
  /** Gives a text; undefined when there is none. */
  readonly get: (key: string) => string | undefined;
  /** Gives false when the text or the number of keys is over the limit. */
  readonly set: (key: string, value: string) => boolean;
  /** Forgets a text. */
  readonly delete: (key: string) => void;
  /** Lists what is kept. */
  readonly keys: () => readonly string[];
}

/** Rows of a database that were there at the start, by table. */
export type DatabaseRows = Readonly<
  Record<string, readonly Readonly<Record<string, string | number | null>>[]>
>;

/** What the daemon offers to a plugin; everything is synchronous and is read as it is at this moment. */
export interface PluginHost {
  /** Says something; the plugin's name is put before it. */
  readonly log: (entry: PluginLogEntry) => void;
  /** Adds one to a counter of the plugin. */
  readonly count: (name: string) => void;
  /** Monotonic milliseconds, for spans. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970, for dates. */
  readonly wallMs: () => number;
  /** Local date and time as C's `asctime` writes it, without line end. */
  readonly dateText: () => string;
  /** Unpredictable lower-case hex digits. */
  readonly randomHex: (digits: number) => string;
  /** Our own addresses at this moment: those of a peer's family, or without one the first of each side. */
  readonly addresses: (peer?: IpAddress) => PluginAddresses;
  /** Registrations that have not expired. */
  readonly registrations: () => readonly Binding[];
  /** Live registrations of an address of record. */
  readonly registrationsOf: (uri: AnyUri) => readonly Binding[];
  /** Calls and subscriptions that are alive. */
  readonly calls: () => readonly PluginCall[];
  /** Addresses of a name from the cache; empty while it is not known, and then it is looked up for the next time. */
  readonly lookUp: (name: string) => readonly IpAddress[];
  /** Servers of a UDP service: with a port its addresses, else by SRV where there is one (RFC 8489 §8.1). */
  readonly locate: (
    name: string,
    options: { readonly port: number | undefined; readonly service: "sip" | "stun" },
  ) => readonly SocketAddress[];
  /** Whether an address lies in a list; names in the list are taken from the cache. */
  readonly isIn: (networks: readonly AccessEntry[], address: IpAddress) => boolean;
  /** Sends a datagram from the outbound SIP socket, after this hook. */
  readonly sendDatagram: (data: Uint8Array, target: SocketAddress) => void;
  /** Tells the daemon under which address the outside sees it. */
  readonly advertise: (address: IpAddress) => void;
  /** Texts of this plugin that survive a restart. */
  readonly store: PluginStore;
  /** Writes the file that the named option of this plugin holds; the supervisor does it, nothing else can be written. */
  readonly report: (option: string, text: string) => void;
  /** Rows that a database plugin starts with. */
  readonly databaseRows: () => DatabaseRows;
  /** Changes rows of that database. */
  readonly changeDatabase: (changes: readonly DatabaseChange[]) => void;
  /** Process id of the daemon. */
  readonly processId: number;
  /** Functions on messages and URIs, for plugins that cannot import them. */
  readonly sip: SipToolbox;
  /** Writes a message as one text, for debugging. */
  readonly textOf: (message: SipMessage) => string;
}

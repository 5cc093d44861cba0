/**
 * The registrations of the phones: one table with the indexes a proxy asks by, what a REGISTER plans, and the file.
 * It opens no file and sends nothing. The proxy's stages and the shell's saver call it.
 *
 * @module
 */
import type { SocketAddress, Transport } from "../base/socket_address.ts";

/** One phone reachable under one address of record: siproxd's "urlmap" entry (RFC 3261 §10.3 binding). */
export interface Binding {
  /** Unique and stable while the phone stays the same one; also what a persisted record is known by. */
  readonly bindingId: string;
  /** Canonical `user@host` of the To URI, see `addressOfRecordKey`. */
  readonly addressOfRecord: string;
  /** The To URI as registered: siproxd's "reg URL". */
  readonly addressOfRecordUri: string;
  /** The phone's Contact URI with all its parameters: siproxd's "true URL". */
  readonly contactUri: string;
  /** What the outside sees in its place: siproxd's "masq URL". */
  readonly publicUri: string;
  /** URI parameter value that tells further phones of one public user apart; undefined for the first. */
  readonly token: string | undefined;
  /** Where the REGISTER came from. */
  readonly source: SocketAddress;
  /** What the REGISTER came over. */
  readonly transport: Transport;
  /** Where requests for the phone go: the Contact's address when it is the source's IP, else the source (R24). */
  readonly target: SocketAddress;
  /** `+sip.instance` of the Contact (RFC 5626 §4.1). */
  readonly instanceId: string | undefined;
  /** Call-ID of the last REGISTER. */
  readonly registerCallId: string;
  /** CSeq number of the last REGISTER. */
  readonly registerCseq: number;
  /** The next hop that took the REGISTER: where later requests of this phone stick to; undefined for the built-in registrar. */
  readonly registrar: SocketAddress | undefined;
  /** End of life on the monotonic clock; persisted as wall-clock seconds. */
  readonly expiresAtMs: number;
}

/** A change to the table, applied after the pipeline ended well. */
export type BindingChange =
  | { readonly kind: "bind"; readonly binding: Binding }
  | { readonly kind: "unbind"; readonly bindingId: string };

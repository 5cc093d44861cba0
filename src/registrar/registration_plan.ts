import type { SocketAddress, Transport } from "../base/socket_address.ts";
import type { MaskedHost } from "../config/config.ts";
import type { Contacts } from "../sip/contact.ts";
import type { SipUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import type { PublicPlace } from "./public_uri.ts";

/** A REGISTER that passed the message checks. */
export interface RegisterRequest {
  /** The To URI. */
  readonly addressOfRecord: SipUri;
  readonly contacts: Contacts;
  readonly callId: string;
  readonly cseqNumber: number;
  /** Value of the Expires header field. */
  readonly expiresSeconds: number | undefined;
  readonly source: SocketAddress;
  readonly transport: Transport;
}

/** What a plan is made with. */
export interface RegistrationContext {
  readonly table: BindingTable;
  readonly nowMs: number;
  /** Expiry of a Contact that names none. */
  readonly defaultExpiresSeconds: number;
  /** Where the outside reaches us. */
  readonly publicPlace: PublicPlace;
  /** `mask_host` and `masked_host`; for the built-in registrar only. */
  readonly maskHosts: readonly MaskedHost[];
  readonly randomHex: (digits: number) => string;
}

/** Why a REGISTER is refused. */
export type RegistrationRefusal =
  | "table-full"
  | "out-of-order"
  | "bad-wildcard"
  | "too-many-contacts";

/** What one Contact of a REGISTER asks for, in the order of the message. */
export type PlannedContact =
  | {
    readonly kind: "bind" | "unbind";
    /** The phone's own URI. */
    readonly contactUri: string;
    /** What a registrar is told in its place. */
    readonly publicUri: string;
    readonly requestedExpiresSeconds: number;
    /** Preference of the Contact, 0 … 1000. */
    readonly preference: number;
    /** The binding as it would stand; its expiry is provisional. */
    readonly binding: Binding;
  }
  /** `superseded`: the REGISTER to forward must leave it out; `foreign`: no SIP URI, passes as it is. */
  | { readonly kind: "superseded" | "foreign"; readonly contactUri: string };

/** What a REGISTER asks for; nothing of it is true before somebody says yes. */
export interface RegistrationPlan {
  readonly kind: "query" | "remove-all" | "contacts";
  readonly addressOfRecord: string;
  readonly callId: string;
  readonly cseqNumber: number;
  readonly contacts: readonly PlannedContact[];
}

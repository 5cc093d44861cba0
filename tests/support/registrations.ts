import type { Transport } from "../../src/base/socket_address.ts";
import type { Binding } from "../../src/registrar/binding.ts";
import { BindingTable } from "../../src/registrar/binding_table.ts";
import type {
  RegisterRequest,
  RegistrationContext,
} from "../../src/registrar/registration_plan.ts";
import { type Contacts, parseContacts } from "../../src/sip/contact.ts";
import { parseNameAddr } from "../../src/sip/name_addr.ts";
import type { NameAddr } from "../../src/sip/name_addr.ts";
import { addressOfRecordKey, parseUri, type SipUri } from "../../src/sip/uri.ts";
import { peer } from "./address.ts";
import { countingHex } from "./seeded_random.ts";
import { messageOf } from "./sip_messages.ts";

/** Phone A of the test matrix, registered at R for two minutes. */
export const ALICE: Binding = Object.freeze({
  bindingId: "a1",
  addressOfRecord: "alice@192.0.2.10",
  addressOfRecordUri: "sip:alice@192.0.2.10",
  contactUri: "sip:alice@10.0.0.10:5062",
  publicUri: "sip:alice@192.0.2.1",
  token: undefined,
  source: peer("10.0.0.10:5062"),
  transport: "udp",
  target: peer("10.0.0.10:5062"),
  instanceId: undefined,
  registerCallId: "call-a",
  registerCseq: 1,
  registrar: peer("192.0.2.10:5070"),
  expiresAtMs: 120_000,
});

/**
 * Parses a URI that the test knows to be a SIP one.
 *
 * @param text a URI
 * @returns the URI
 * @throws Error when the test is wrong
 */
export function sip(text: string): SipUri {
  const uri = parseUri(text);
  if (!uri.ok || uri.value.kind !== "sip") throw new Error(`no SIP URI: ${text}`);
  return uri.value;
}

/**
 * Parses Contact values that the test knows to be well formed.
 *
 * @param values one field each
 * @returns none, star or the list
 * @throws Error when the test is wrong
 */
export function contactsOf(...values: readonly string[]): Contacts {
  const via = "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1";
  const fields = values.map((value) => `Contact: ${value}`);
  const contacts = parseContacts(messageOf(["REGISTER sip:r SIP/2.0", via, ...fields]));
  if (!contacts.ok) throw new Error(contacts.error);
  return contacts.value;
}

/**
 * Parses the Contacts of an answer.
 *
 * @param values one Contact each
 * @returns the parsed values
 * @throws Error when the test is wrong
 */
export function listed(...values: readonly string[]): readonly NameAddr[] {
  return values.map((value) => {
    const parsed = parseNameAddr(value);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  });
}

/** The parts of a REGISTER that a test may choose. */
export interface RegisterParts {
  readonly aor?: string;
  readonly contacts?: readonly string[];
  readonly callId?: string;
  readonly cseq?: number;
  readonly expires?: number;
  readonly source?: string;
  readonly transport?: Transport;
}

/**
 * Builds phone A's REGISTER, or another.
 *
 * @param parts what differs
 * @returns the checked request
 */
export function register(parts: RegisterParts = {}): RegisterRequest {
  return {
    addressOfRecord: sip(parts.aor ?? ALICE.addressOfRecordUri),
    contacts: contactsOf(...(parts.contacts ?? ["<sip:alice@10.0.0.10:5062>"])),
    callId: parts.callId ?? "call-a",
    cseqNumber: parts.cseq ?? 1,
    expiresSeconds: parts.expires,
    source: peer(parts.source ?? "10.0.0.10:5062"),
    transport: parts.transport ?? "udp",
  };
}

/**
 * Builds what a plan is made with: an empty table, time 0, 192.0.2.1:5060 over UDP, ids and tokens 1, 2, 3 …
 *
 * @param overrides what differs
 * @returns the context
 */
export function registration(overrides: Partial<RegistrationContext> = {}): RegistrationContext {
  return {
    table: new BindingTable({ maxRegistrations: 100 }),
    nowMs: 0,
    defaultExpiresSeconds: 600,
    publicPlace: { host: "192.0.2.1", port: 5060, transport: "udp" },
    maskHosts: [],
    randomHex: countingHex(),
    ...overrides,
  };
}

/**
 * Makes a table that holds bindings.
 *
 * @param bindings in the order they registered
 * @returns the table
 */
export function tableWith(...bindings: readonly Binding[]): BindingTable {
  const table = new BindingTable({ maxRegistrations: 100 });
  for (const binding of bindings) table.apply({ kind: "bind", binding });
  return table;
}

/**
 * Makes a binding of its own id, address of record and public URI.
 *
 * @param bindingId the id
 * @param overrides what else differs from phone A
 * @returns the binding
 */
export function bindingOf(bindingId: string, overrides: Partial<Binding> = {}): Binding {
  const binding = { ...ALICE, bindingId, ...overrides };
  return { ...binding, addressOfRecord: addressOfRecordKey(sip(binding.addressOfRecordUri)) };
}

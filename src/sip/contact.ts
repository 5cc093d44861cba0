import { err, ok, type Result } from "../base/result.ts";
import { listValues } from "./headers.ts";
import { parseDeltaSeconds } from "./expires.ts";
import type { SipMessage } from "./message.ts";
import { type NameAddr, nameAddrParameter, parseNameAddr } from "./name_addr.ts";
import { parameterValue } from "./parameters.ts";

/** All Contact fields of a message together. */
export interface Contacts {
  /** `star` is `Contact: *`, the removal of all bindings (RFC 3261 §10.2.2). */
  readonly kind: "none" | "star" | "list";
  /** In order; empty unless kind is `list`. */
  readonly contacts: readonly NameAddr[];
}

const NO_CONTACTS: Contacts = Object.freeze({ kind: "none", contacts: Object.freeze([]) });

const STAR_CONTACT: Contacts = Object.freeze({ kind: "star", contacts: Object.freeze([]) });

/**
 * Parses all Contact fields; `*` must stand alone (RFC 3261 §10.3 step 6).
 *
 * @param message any message
 * @returns none, star or the list; an error when one element is malformed
 */
export function parseContacts(message: SipMessage): Result<Contacts> {
  const elements = listValues(message, "contact");
  if (elements.length === 0) return ok(NO_CONTACTS);
  if (elements.length === 1 && elements[0] === "*") return ok(STAR_CONTACT);
  const contacts: NameAddr[] = [];
  for (const element of elements) {
    const contact = parseNameAddr(element);
    if (!contact.ok) return err(`Cannot parse Contact: ${contact.error}`);
    contacts.push(contact.value);
  }
  return ok({ kind: "list", contacts });
}

/**
 * Reads the expires parameter of a Contact.
 *
 * @param contact one Contact
 * @returns seconds; undefined when missing or malformed
 */
export function contactExpires(contact: NameAddr): number | undefined {
  const value = parameterValue(contact.parameters, "expires");
  return value === undefined ? undefined : parseDeltaSeconds(value);
}

/**
 * Reads the preference of a Contact (RFC 3261 §25.1 qvalue).
 *
 * @param contact one Contact
 * @returns thousandths, 0 … 1000; 1000 when missing or malformed
 */
export function contactPreference(contact: NameAddr): number {
  const value = parameterValue(contact.parameters, "q");
  if (value === undefined || !/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(value)) return 1000;
  return Math.round(Number(value) * 1000);
}

/**
 * Reads the device identity of a Contact (RFC 5626 §4.1), without quotes.
 *
 * @param contact one Contact
 * @returns `<urn:uuid:…>` as written; undefined when missing or empty
 */
export function contactInstance(contact: NameAddr): string | undefined {
  const instance = nameAddrParameter(contact, "+sip.instance");
  return instance === "" ? undefined : instance;
}

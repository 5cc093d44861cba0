import type { SocketAddress } from "../base/socket_address.ts";
import { type AnyUri, compareUris, parseUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";

/** A Contact of a REGISTER, as far as it tells which phone it is. */
export interface ContactIdentity {
  readonly uri: AnyUri;
  /** Whether the Contact registers or removes. */
  readonly kind: "bind" | "unbind";
  readonly instanceId: string | undefined;
  readonly callId: string;
  readonly source: SocketAddress;
}

/** Which binding a Contact is about; `superseded` is a removal of what another Contact of the same REGISTER takes over. */
export type ContactMatch =
  | { readonly kind: "known"; readonly binding: Binding }
  | { readonly kind: "new" }
  | { readonly kind: "superseded" };

/**
 * Tells which of an address of record's phones each Contact of a REGISTER is.
 *
 * A phone is the same one when its Contact URI is the same, or its `+sip.instance` (RFC 5626 §4.1), or the Call-ID of
 * its REGISTER, or its IP address unless two different instances speak: a phone that reboots on another port is no
 * second phone. Contacts that register choose first, so that `old;expires=0, new` keeps the phone's public URI.
 *
 * @param contacts the Contacts of one REGISTER
 * @param candidates bindings of the address of record, the newest last
 * @returns one match for each Contact, in their order
 */
export function matchPhones(
  contacts: readonly ContactIdentity[],
  candidates: readonly Binding[],
): readonly ContactMatch[] {
  const matches = new Map<ContactIdentity, Binding>();
  const free = new Set([...candidates].reverse());
  choose(contacts.filter(({ kind }) => kind === "bind"), { matches, free });
  const taken = [...matches.values()];
  const superseded = contacts.filter((contact) =>
    contact.kind === "unbind" && taken.some((binding) => hasSameUri(contact, binding))
  );
  const removals = contacts.filter((contact) =>
    contact.kind === "unbind" && !superseded.includes(contact)
  );
  choose(removals, { matches, free });
  return contacts.map((contact) => {
    if (superseded.includes(contact)) return { kind: "superseded" };
    const binding = matches.get(contact);
    return binding === undefined ? { kind: "new" } : { kind: "known", binding };
  });
}

interface Choice {
  readonly matches: Map<ContactIdentity, Binding>;
  /** Bindings that no Contact has taken yet. */
  readonly free: Set<Binding>;
}

/** The surest rule goes first for all Contacts, so that a weaker one takes nothing away from them. */
function choose(contacts: readonly ContactIdentity[], { matches, free }: Choice): void {
  for (const isSame of RULES) {
    for (const contact of contacts) {
      if (free.size === 0) return;
      if (matches.has(contact)) continue;
      for (const binding of free) {
        if (!isSame(contact, binding)) continue;
        matches.set(contact, binding);
        free.delete(binding);
        break;
      }
    }
  }
}

type SameRule = (contact: ContactIdentity, binding: Binding) => boolean;

const RULES: readonly SameRule[] = [
  (contact, binding) => hasSameUri(contact, binding) && !areDistinct(contact, binding),
  (contact, binding) =>
    contact.instanceId !== undefined && contact.instanceId === binding.instanceId,
  (contact, binding) => contact.callId === binding.registerCallId && !areDistinct(contact, binding),
  (contact, binding) =>
    contact.source.address === binding.source.address && !areDistinct(contact, binding),
];

/**
 * Finds the binding of a phone that two REGISTERs gave two ids, because neither was answered when the other was planned.
 *
 * @param planned the binding that is to be set
 * @param bindings those of its address of record
 * @returns the one under the same Contact URI, unless two different instances speak
 */
export function findTwin(planned: Binding, bindings: readonly Binding[]): Binding | undefined {
  const uri = bindings.length === 0 ? undefined : parseUri(planned.contactUri);
  if (uri === undefined || !uri.ok) return undefined;
  const contact = { uri: uri.value, instanceId: planned.instanceId };
  return bindings.find((binding) => hasSameUri(contact, binding) && !areDistinct(contact, binding));
}

function hasSameUri(contact: Pick<ContactIdentity, "uri">, binding: Binding): boolean {
  if (contact.uri.text === binding.contactUri) return true;
  const uri = parseUri(binding.contactUri);
  return uri.ok && compareUris(contact.uri, uri.value);
}

function areDistinct(contact: Pick<ContactIdentity, "instanceId">, binding: Binding): boolean {
  return contact.instanceId !== undefined && binding.instanceId !== undefined &&
    contact.instanceId !== binding.instanceId;
}

import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import { addressOfRecordKey, type AnyUri, canonicalEscapes, parseUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";

/** What a binding is found by. */
export interface BindingKeys {
  readonly addressOfRecord: string;
  /** `user@host` of the public URI. */
  readonly publicKey: string;
  readonly users: readonly string[];
  readonly addresses: readonly IpAddress[];
}

/**
 * Computes the keys of a binding.
 *
 * @param binding any binding
 * @returns its keys, each once
 */
export function bindingKeys(binding: Binding): BindingKeys {
  const users = [uriUser(binding.addressOfRecordUri), uriUser(binding.publicUri)];
  return {
    addressOfRecord: binding.addressOfRecord,
    publicKey: publicKeyOf(binding.publicUri),
    users: [...new Set(users.flatMap((user) => user ?? []))],
    addresses: addressesOf(binding),
  };
}

/**
 * Gives the key of a public URI.
 *
 * @param publicUri a URI as text
 * @returns `user@host` in its canonical form; the text itself when it is no URI
 */
export function publicKeyOf(publicUri: string): string {
  const uri = parseUri(publicUri);
  return uri.ok ? addressOfRecordKey(uri.value) : publicUri;
}

/**
 * Gives the key of a user part.
 *
 * @param uri a URI
 * @returns the user part in its canonical form; undefined when there is none
 */
export function userKey(uri: AnyUri): string | undefined {
  return uri.kind === "sip" && uri.user !== undefined ? canonicalEscapes(uri.user) : undefined;
}

function uriUser(text: string): string | undefined {
  const uri = parseUri(text);
  return uri.ok ? userKey(uri.value) : undefined;
}

/**
 * Where messages of the phone come from. A Contact that names a third host counts only when it is a private address and
 * not the registrar's: a forged REGISTER must not turn a provider's messages into a phone's (R24).
 */
function addressesOf(binding: Binding): readonly IpAddress[] {
  const { source, target, registrar } = binding;
  const own = source.address === target.address
    ? [source.address]
    : [source.address, target.address];
  const contact = parseUri(binding.contactUri);
  const host = contact.ok && contact.value.kind === "sip"
    ? parseIpAddress(contact.value.host)
    : undefined;
  if (host === undefined || own.includes(host) || host === registrar?.address) return own;
  return addressScope(host) === "private" ? [...own, host] : own;
}

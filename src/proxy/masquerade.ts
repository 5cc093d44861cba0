import { hostText, type IpAddress, ipFamily, parseIpAddress } from "../base/ip_address.ts";
import { isAmongOwn, shownAddress } from "../base/side_addresses.ts";
import type { Binding } from "../registrar/binding.ts";
import { getHeader, replaceListElements } from "../sip/headers.ts";
import type { SipMessage } from "../sip/message.ts";
import { formatNameAddr, type NameAddr, parseNameAddr } from "../sip/name_addr.ts";
import type { Transport } from "../base/socket_address.ts";
import {
  type AnyUri,
  makeSipUri,
  parseUri,
  sameAddressOfRecord,
  type SipUri,
  uriParameter,
  withoutUriParameter,
  withUriParameter,
} from "../sip/uri.ts";
import { type AnyContext, sourceAddress } from "./context.ts";

/** RFC 3515, 3892, 3327, 3608: headers that may name a phone of ours by its private address. */
const REFERENCE_HEADERS: readonly string[] = ["refer-to", "referred-by", "path", "service-route"];

/**
 * Replaces a phone's Contact URIs by what the outside can reach: the public URI of its registration, or, for an address
 * that was never registered, its own user part at our address. Header parameters and display names stay.
 *
 * @param message the message on its way out
 * @param options the run, and whether a URI that points at no phone is masked (a dialog's Contact) or kept (a redirection)
 * @returns the message with its Contacts rewritten
 */
export function masqueradeContacts<Message extends SipMessage>(
  message: Message,
  options: { readonly context: AnyContext; readonly foreign: "mask" | "keep" },
): Message {
  const { context, foreign } = options;
  if (getHeader(message, "contact") === undefined) return message;
  return replaceListElements(message, "contact", (element) => {
    const nameAddr = element === "*" ? undefined : parseNameAddr(element);
    if (nameAddr === undefined || !nameAddr.ok || nameAddr.value.uri.kind !== "sip") return element;
    const { uri } = nameAddr.value;
    const isPhone = pointsAtPhone(uri, context);
    if (!isPhone && foreign === "keep") return element;
    const publicUri = publicUriFor(uri, context);
    return withUri(nameAddr.value, withTransport(publicUri, context.hop?.transport ?? "udp"));
  });
}

/**
 * Does the same for Refer-To and its like, where only a URI that points at a phone is touched.
 *
 * @param message the message on its way out
 * @param context the run
 * @returns the message
 */
export function masqueradeReferences<Message extends SipMessage>(
  message: Message,
  context: AnyContext,
): Message {
  let edited = message;
  for (const key of REFERENCE_HEADERS) {
    if (getHeader(edited, key) === undefined) continue;
    edited = replaceListElements(edited, key, (element) => {
      const nameAddr = parseNameAddr(element);
      if (!nameAddr.ok || nameAddr.value.uri.kind !== "sip") return element;
      const { uri } = nameAddr.value;
      if (!pointsAtPhone(uri, context)) return element;
      const publicUri = publicUriFor(uri, context);
      return withUri(nameAddr.value, makeSipUri({ ...publicUri, headers: uri.headers }));
    });
  }
  return edited;
}

function pointsAtPhone(uri: SipUri, context: AnyContext): boolean {
  const address = parseIpAddress(uri.host);
  if (address === undefined) return false;
  return address === sourceAddress(context) || context.state.bindings.isPhone(address);
}

/** What the next hop can reach: a registration may have been made by the other family than the one that reads it now. */
function publicUriFor(uri: SipUri, context: AnyContext): SipUri {
  const publicUri = publicUriOf(uri, context);
  if (publicUri === undefined) return atOwnAddress(uri, context);
  const shown = shownToHop(context);
  const written = parseIpAddress(publicUri.host);
  const fits = shown === undefined || written === undefined ||
    ipFamily(written) === ipFamily(shown) || !isAmongOwn(context.env.own, written);
  return fits ? publicUri : makeSipUri({ ...publicUri, host: hostText(shown) });
}

function shownToHop({ env, hop }: AnyContext): IpAddress | undefined {
  if (hop === undefined) return env.own.advertised;
  return shownAddress(env.own, { side: "wan", peer: hop.peer.address });
}

function publicUriOf(uri: SipUri, context: AnyContext): SipUri | undefined {
  const address = parseIpAddress(uri.host);
  if (address === undefined) return undefined;
  const { binding, state } = context;
  const found = binding !== undefined && isContactOf(uri, binding)
    ? binding
    : state.bindings.bySourceAddress(address).find((other) => isContactOf(uri, other));
  const publicUri = found === undefined ? undefined : parseUri(found.publicUri);
  return publicUri?.ok && publicUri.value.kind === "sip" ? publicUri.value : undefined;
}

function isContactOf(uri: SipUri, binding: Binding): boolean {
  const contact = parseUri(binding.contactUri);
  return contact.ok && sameAddressOfRecord(contact.value, uri);
}

function atOwnAddress(uri: SipUri, context: AnyContext): SipUri {
  const shown = shownToHop(context);
  if (shown === undefined) return uri;
  return makeSipUri({ ...uri, host: hostText(shown), port: context.config.sip.listenPort });
}

/** A Contact names the transport of the hop that will read it; UDP is named by nobody. */
function withTransport(uri: SipUri, transport: Transport): SipUri {
  const written = uriParameter(uri, "transport")?.toLowerCase();
  if (transport === "udp") return written === "tcp" ? withoutUriParameter(uri, "transport") : uri;
  return written === "tcp" ? uri : withUriParameter(uri, { name: "transport", value: "tcp" });
}

function withUri(nameAddr: NameAddr, uri: AnyUri): string {
  return formatNameAddr({ ...nameAddr, uri });
}

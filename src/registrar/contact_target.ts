import { parseIpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import { type SipUri, uriPort } from "../sip/uri.ts";

/**
 * Decides where requests for a phone go: to its Contact's port, but only ever to the address its message came from.
 *
 * A Contact that names another host is never followed (R24): else one forged message would point us at a third host.
 *
 * @param contact the phone's Contact URI
 * @param source where the message came from
 * @returns the Contact's port at the source's address when the Contact names that address, else the source itself
 */
export function contactTarget(contact: SipUri, source: SocketAddress): SocketAddress {
  if (parseIpAddress(contact.host) !== source.address) return source;
  const port = uriPort(contact);
  return port === source.port ? source : Object.freeze({ address: source.address, port });
}

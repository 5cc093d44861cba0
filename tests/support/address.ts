import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";
import type { SocketAddress } from "../../src/base/socket_address.ts";

/**
 * Makes an address of a literal that the test knows to be one.
 *
 * @param text an address literal
 * @returns the address
 * @throws Error when the test is wrong
 */
export function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

/**
 * Makes a socket address of `address:port`.
 *
 * @param text such as `10.0.0.10:5062`
 * @returns the socket address
 */
export function peer(text: string): SocketAddress {
  const colon = text.lastIndexOf(":");
  return { address: ip(text.slice(0, colon)), port: Number(text.slice(colon + 1)) };
}

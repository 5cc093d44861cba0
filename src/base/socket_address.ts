import { hostText, type IpAddress } from "./ip_address.ts";

/** Where a packet comes from or goes to; one frozen object a peer is kept and handed to every send. */
export interface SocketAddress {
  /** IP address without port. */
  readonly address: IpAddress;
  /** 1 … 65535. */
  readonly port: number;
}

/** The transports that carry SIP here. */
export type Transport = "udp" | "tcp";

/** The network a socket belongs to: the phones' (inbound) or the Internet's (outbound). */
export type Side = "lan" | "wan";

/**
 * Tells the other network.
 *
 * @param side one network
 * @returns the other one
 */
export function otherSide(side: Side): Side {
  return side === "lan" ? "wan" : "lan";
}

/**
 * Writes an address and a port in one text, usable as a map key.
 *
 * @param socketAddress the address to write
 * @returns `10.0.0.1:5060` or `[2001:db8::1]:5060`
 */
export function socketAddressText(socketAddress: SocketAddress): string {
  return `${hostText(socketAddress.address)}:${socketAddress.port}`;
}

/**
 * Compares two socket addresses.
 *
 * @param left one
 * @param right the other
 * @returns true when address and port are the same
 */
export function sameSocketAddress(left: SocketAddress, right: SocketAddress): boolean {
  return left.port === right.port && left.address === right.address;
}

import { type IpAddress, type IpFamily, ipFamily } from "./ip_address.ts";
import type { Side } from "./socket_address.ts";

/**
 * Our own addresses: one or two a side.
 *
 * The first one of a side is its IPv4 address where it has one, as C siproxd would take it; what IPv6 adds stands beside
 * it, so that whoever knows of one address only goes on seeing that one.
 */
export interface SideAddresses {
  /** First address of if_inbound; undefined while the interface is down. */
  readonly lan: IpAddress | undefined;
  /** First address of if_outbound; undefined while the interface is down. */
  readonly wan: IpAddress | undefined;
  /** IPv6 address of if_inbound beside an IPv4 one. */
  readonly lan6?: IpAddress | undefined;
  /** IPv6 address of if_outbound beside an IPv4 one. */
  readonly wan6?: IpAddress | undefined;
}

/** The same with what the outside is told. */
export interface ShownAddresses extends SideAddresses {
  /** `host_outbound` or what STUN found, else the first address of the Internet side. */
  readonly advertised: IpAddress | undefined;
}

/**
 * Lists the addresses of a side.
 *
 * @param own our addresses
 * @param side which side
 * @returns none, one or two, the first one first
 */
export function sideAddresses(own: SideAddresses, side: Side): readonly IpAddress[] {
  const first = side === "lan" ? own.lan : own.wan;
  const second = side === "lan" ? own.lan6 : own.wan6;
  return [first, second].filter((address) => address !== undefined);
}

/**
 * Finds the address that sockets of one side and family are bound to.
 *
 * @param own our addresses
 * @param place side and family of the peer
 * @returns undefined where that side has no such address now
 */
export function sideAddress(
  own: SideAddresses,
  place: { readonly side: Side; readonly family: IpFamily },
): IpAddress | undefined {
  const first = place.side === "lan" ? own.lan : own.wan;
  if (first !== undefined && ipFamily(first) === place.family) return first;
  const second = place.side === "lan" ? own.lan6 : own.wan6;
  return second !== undefined && ipFamily(second) === place.family ? second : undefined;
}

/**
 * Finds the address that a side is told of us in one family.
 *
 * host_outbound stands for the family it is written in; towards the other one there is no NAT to hide.
 *
 * @param own our addresses
 * @param place side and family of who is told
 * @returns undefined where that side has no such address now
 */
export function shownInFamily(
  own: ShownAddresses,
  place: { readonly side: Side; readonly family: IpFamily },
): IpAddress | undefined {
  const { advertised } = own;
  const isShown = place.side === "wan" && advertised !== undefined &&
    ipFamily(advertised) === place.family;
  return isShown ? advertised : sideAddress(own, place);
}

/**
 * Finds the address that a peer is told of us: one that it can answer to, so of its own family.
 *
 * @param own our addresses
 * @param to the side that the peer is on, and its address
 * @returns undefined where we have no address that this peer can reach
 */
export function shownAddress(
  own: ShownAddresses,
  to: { readonly side: Side; readonly peer: IpAddress },
): IpAddress | undefined {
  return shownInFamily(own, { side: to.side, family: ipFamily(to.peer) });
}

/**
 * Tells an address of ours, the one that the outside is told included.
 *
 * @param own our addresses
 * @param address the address asked for, in its canonical form
 * @returns true for any of them
 */
export function isAmongOwn(own: ShownAddresses, address: string): boolean {
  return address === own.lan || address === own.wan || address === own.advertised ||
    address === own.lan6 || address === own.wan6;
}

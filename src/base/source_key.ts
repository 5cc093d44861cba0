import { type IpAddress, ipv6Groups } from "./ip_address.ts";
import type { Side } from "./socket_address.ts";

/** Groups of the network part that one IPv6 customer gets at least: he can use every address in it. */
const NETWORK_GROUPS = 4;

/**
 * Names whom a limit per source is for: an address, but for IPv6 from outside the whole /64 (RFC 6177 §2), or a limit
 * would be none. The phones inside share a /64 and must not pay for each other.
 *
 * @param source who sends
 * @param side where from
 * @returns a map key
 */
export function sourceKey(source: IpAddress, side: Side): string {
  if (side === "lan" || !source.includes(":")) return source;
  return (ipv6Groups(source) ?? []).slice(0, NETWORK_GROUPS).join(":");
}

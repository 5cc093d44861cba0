import { assertNever } from "../../base/assert_never.ts";
import { type IpAddress, ipFamily, parseIpAddress } from "../../base/ip_address.ts";
import type { Config } from "../../config/config.ts";
import type { HostQuery, RouteTarget } from "../../dns/host_query.ts";
import type { AddressFamilies } from "../../dns/locate.ts";
import type { OwnAddresses } from "../../proxy/env.ts";

/** Period in which names of the configuration are looked up again, before their answers grow old. */
export const NAME_REFRESH_MS = 30_000;

/** Period in which host_outbound is looked up again while it cannot be found: calls fail meanwhile. */
export const NAME_RETRY_MS = 5_000;

/**
 * Tells which name host_outbound is.
 *
 * @param config the configuration
 * @returns undefined when it is unset or an address
 */
export function namedOutbound({ interfaces }: Config): string | undefined {
  const host = interfaces.hostOutbound;
  return host === undefined || parseIpAddress(host) !== undefined ? undefined : host;
}

/**
 * Lists the names that the configuration holds, so that they are looked up beside the message path and not on it.
 *
 * @param config the configuration
 * @returns one address query a name; numeric hosts are left out by the resolver's cache
 */
export function configuredNames(config: Config): readonly HostQuery[] {
  const { access, interfaces, sip } = config;
  const lists = [access.allowReg, access.allowSip, access.denySip];
  const hosts = new Set<string>();
  for (const list of lists) {
    for (const entry of list ?? []) if (entry.kind === "name") hosts.add(entry.host);
  }
  for (const { host } of sip.maskHosts) hosts.add(host);
  if (interfaces.hostOutbound !== undefined) hosts.add(interfaces.hostOutbound);
  return [...hosts].map((host) => addressQuery(host));
}

/**
 * Asks for the plain addresses of a host.
 *
 * @param host name or literal
 * @returns the query
 */
export function addressQuery(host: string): HostQuery {
  return { host, port: undefined, transport: undefined, method: "address" };
}

/**
 * Tells which addresses of a name are asked for, those to be tried first in front (RFC 3263 §4.2, RFC 7984).
 *
 * IPv4 first is what an installation without IPv6 always had, and what it keeps when its interfaces get IPv6.
 *
 * @param config the configuration
 * @returns address families, best first
 */
export function familiesOf({ interfaces }: Config): AddressFamilies {
  switch (interfaces.ipv6) {
    case "off":
      return [4];
    case "prefer":
      return [6, 4];
    case "fallback":
      return [4, 6];
    default:
      return assertNever(interfaces.ipv6);
  }
}

/**
 * Chooses the address that host_outbound stands for: of the family that the Internet side has first, since that is the
 * one in front of which there may be a NAT.
 *
 * @param targets what the name resolves to
 * @param own our addresses
 * @returns one of them
 */
export function advertisedOf(
  targets: readonly [RouteTarget, ...RouteTarget[]],
  own: OwnAddresses,
): IpAddress {
  const { wan } = own;
  const same = targets.find(({ peer }) =>
    wan !== undefined && ipFamily(peer.address) === ipFamily(wan)
  );
  return (same ?? targets[0]).peer.address;
}

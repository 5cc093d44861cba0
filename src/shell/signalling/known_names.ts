import type { Config } from "../../config/config.ts";
import type { HostQuery } from "../../dns/host_query.ts";

/** Period in which names of the configuration are looked up again, before their answers grow old. */
export const NAME_REFRESH_MS = 30_000;

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

import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import type { HostAnswer, HostQuery } from "../dns/host_query.ts";
import type { Env } from "./env.ts";
import type { ProxyState } from "./state.ts";

/** Providers that are followed: households have one, sites a handful; a flood of domains must not become one of questions. */
const MAX_PROVIDERS = 64;

/** What the names of providers come from. */
export type ProviderSource = Pick<ProxyState, "config" | "bindings">;

/**
 * Lists the providers of our phones by name: outbound proxies, and the domains that phones are registered with.
 *
 * Calls come from any server that such a name stands for, also from one that took its place since the last REGISTER.
 *
 * @param source configuration and registrations
 * @returns one query a provider, those of the configuration first
 */
export function providerQueries({ config, bindings }: ProviderSource): readonly HostQuery[] {
  const { outboundDomains, outboundProxy, useSrv } = config.sip;
  const method = useSrv ? "locate" : "address";
  const queries = new Map<string, HostQuery>();
  const add = (host: string, port: number | undefined) => {
    const key = `${host.toLowerCase()} ${port ?? ""}`;
    if (queries.size >= MAX_PROVIDERS || queries.has(key)) return;
    queries.set(key, { host, port, transport: undefined, method });
  };
  const proxies = outboundProxy === undefined
    ? outboundDomains
    : [...outboundDomains, outboundProxy];
  for (const { host, port } of proxies) add(host, port);
  for (const { addressOfRecord } of bindings.all()) {
    if (queries.size >= MAX_PROVIDERS) break;
    const host = addressOfRecord.slice(addressOfRecord.lastIndexOf("@") + 1);
    // A literal took the REGISTER itself and is known by that; a phone of our own registrar has no provider.
    if (host !== "" && parseIpAddress(host) === undefined) add(host, undefined);
  }
  return [...queries.values()];
}

/**
 * Gives the addresses that the providers' names stand for now.
 *
 * @param queries from {@linkcode providerQueries}
 * @param lookUp the cache
 * @returns the addresses of all their servers
 */
export function providerAddresses(
  queries: readonly HostQuery[],
  lookUp: (query: HostQuery) => HostAnswer,
): ReadonlySet<IpAddress> {
  const addresses = new Set<IpAddress>();
  for (const query of queries) {
    for (const address of addressesOf(lookUp(query))) addresses.add(address);
  }
  return addresses;
}

/**
 * Gives the addresses of a host name from the cache.
 *
 * @param host a name of an access list
 * @param env what looks it up
 * @returns none while the name is not known
 */
export function hostAddresses(host: string, env: Pick<Env, "lookUp">): readonly IpAddress[] {
  return addressesOf(
    env.lookUp({ host, port: undefined, transport: undefined, method: "address" }),
  );
}

function addressesOf(answer: HostAnswer): readonly IpAddress[] {
  return answer.kind === "targets" ? answer.targets.map(({ peer }) => peer.address) : [];
}

import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import type { Side, SocketAddress } from "../base/socket_address.ts";
import { networkContains } from "../base/ip_network.ts";
import { isAmongOwn } from "../base/side_addresses.ts";
import type { Env, OwnAddresses } from "./env.ts";
import type { ProxyInput } from "./input.ts";
import type { World } from "./state.ts";

/** Where a message came from and on which socket. */
export type Arrival = Pick<ProxyInput, "source" | "listenPoint">;

/** RFC 3261 §19.1.2: the port of a sip URI or a Via that names none. */
export const DEFAULT_SIP_PORT = 5060;

/** User part of our Record-Route, as siproxd's: what tells our own Route values from a phone's address. */
export const RECORD_ROUTE_USER = "siproxd";

/**
 * Tells whether an address is one of ours, the advertised one (host_outbound) included.
 *
 * @param address the address asked for
 * @param env the world as it is now
 * @returns true for a LAN, WAN, advertised or listening address of ours
 */
export function isOwnAddress(address: IpAddress, env: Env): boolean {
  return isAmongOwn(env.own, address) ||
    env.listenPoints.some((point) => point.local.address === address);
}

/**
 * Tells whether a socket address is one that our SIP sockets serve.
 *
 * @param target where a message would be sent
 * @param env the world as it is now
 * @returns true when a message sent there would come back to us
 */
export function isOwnSocket(target: SocketAddress, env: Env): boolean {
  return isOwnAddress(target.address, env) &&
    env.listenPoints.some((point) => point.local.port === target.port);
}

/**
 * Tells whether a host and port of a header name us; names are looked up in the cache only.
 *
 * @param place host as written and port, or undefined for 5060
 * @param env the world as it is now
 * @returns true when they are one of our sockets
 */
export function isOwnHostPort(
  place: { readonly host: string; readonly port: number | undefined },
  env: Env,
): boolean {
  const port = place.port ?? DEFAULT_SIP_PORT;
  const address = parseIpAddress(place.host);
  if (address !== undefined) return isOwnSocket({ address, port }, env);
  const answer = env.lookUp({ host: place.host, port, transport: undefined, method: "address" });
  return answer.kind === "targets" && answer.targets.some(({ peer }) => isOwnSocket(peer, env));
}

/** One address serves both sides: scenario 7.3 of the guide, or a machine with one interface. */
function isShared(address: IpAddress, own: OwnAddresses): boolean {
  return (address === own.lan && address === own.wan) ||
    (address === own.lan6 && address === own.wan6);
}

/**
 * Decides which network a message came from.
 *
 * With two interfaces the socket tells; with one, registrars and the gateway are outside and the rest goes by the subnet.
 *
 * @param arrival the sender's address and the socket it arrived on
 * @param world what the proxy knows
 * @returns the phones' side or the outside
 */
export function arrivalSide(arrival: Arrival, world: World): Side {
  const { listenPoint } = arrival;
  const source = arrival.source.address;
  const { own, nowMs } = world.env;
  if (!isShared(listenPoint.local.address, own)) return listenPoint.side;
  if (source === own.gateway || world.state.knownPeers.get(source, nowMs) !== undefined) {
    return "wan";
  }
  return networkSide(source, own);
}

/**
 * Tells in which network an address lies, whatever socket it is reached by.
 *
 * @param address any
 * @param own our addresses and networks
 * @returns `lan` for what is behind if_inbound
 */
export function networkSide(address: IpAddress, own: OwnAddresses): Side {
  return own.lanNetworks.some((network) => networkContains(network, address)) ? "lan" : "wan";
}

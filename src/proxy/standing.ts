import { accessNamesSource } from "../access/access_list.ts";
import type { Standing } from "../access/flood_gate.ts";
import type { IpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import { type Arrival, arrivalSide, isOwnAddress } from "./own_address.ts";
import { hostAddresses } from "./provider_names.ts";
import type { World } from "./state.ts";

/**
 * Tells whether an address is a registered phone's, or that of somebody on the Internet that we have business with: who
 * took a REGISTER or is party to a dialog, or a server that the name of a provider of ours stands for now.
 *
 * @param source the sender
 * @param world what the proxy knows
 * @returns false for strangers
 */
export function isKnownSource(source: IpAddress, world: World): boolean {
  const { state, env } = world;
  return state.bindings.isPhone(source) || state.providers.has(source) ||
    state.knownPeers.get(source, env.nowMs) !== undefined;
}

/**
 * Tells whether somebody on the Internet side may hear from us before he has said a SIP message: with
 * `wan_peers = known` a stranger gets not an octet, also no answer to his keep-alives.
 *
 * @param arrival the peer and the socket he came to
 * @param world what the proxy knows
 * @returns false for strangers who are to be met with silence
 */
export function mayHearUs(arrival: Arrival, world: World): boolean {
  return world.state.config.sip.wanPeers === "any" || standingOf(arrival, world) !== "stranger" ||
    arrivalSide(arrival, world) === "lan";
}

/**
 * Says what a sender is to us before a message of his is looked at, for the time when not all can be.
 *
 * @param arrival the sender and the socket it arrived on
 * @param world what the proxy knows
 * @returns his standing
 */
export function standingOf(arrival: Arrival, world: World): Standing {
  const source = arrival.source.address;
  const { state, env } = world;
  if (addressScope(source) === "loopback" || isOwnAddress(source, env)) return "own";
  if (state.bindings.isPhone(source)) return "phone";
  if (arrivalSide(arrival, world) === "lan") return "stranger";
  if (isKnownSource(source, world)) return "peer";
  const lookUp = (host: string) => hostAddresses(host, env);
  return accessNamesSource(source, { lists: state.access, lookUp }) ? "peer" : "stranger";
}

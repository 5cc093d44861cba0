import { sameSocketAddress, type SocketAddress } from "../base/socket_address.ts";
import type { RouteTarget } from "./host_query.ts";

/**
 * Puts the server that a phone is registered at first, so that its calls go where its registration is known.
 *
 * @param targets as the cache gave them, best first
 * @param preference the server that took the REGISTER, and whether it rests: then the order stays
 * @returns the same targets, the preferred one first when it is among them
 */
export function preferTarget(
  targets: readonly [RouteTarget, ...RouteTarget[]],
  preference: { readonly peer: SocketAddress | undefined; readonly state: "alive" | "resting" },
): readonly [RouteTarget, ...RouteTarget[]] {
  const { peer } = preference;
  if (peer === undefined || preference.state === "resting") return targets;
  const preferred = targets.find((target) => sameSocketAddress(target.peer, peer));
  if (preferred === undefined || preferred === targets[0]) return targets;
  return [preferred, ...targets.filter((target) => target !== preferred)];
}

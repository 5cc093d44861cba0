import { portWorker } from "./media_share.ts";
import type { OwnMediaAddresses } from "./own_media.ts";
import { CLAIM_NONE, mediaTarget, type RelayEnd } from "./relay_end.ts";
import type { RelayParty } from "./relay_command.ts";
import { type RelayStream, streamEnds } from "./relay_stream.ts";

/**
 * Lets the ends of a new stream know our own media ports, where several isolates relay.
 *
 * Legs that meet at our own ports are joined inside; those of two isolates send to each other through the kernel
 * instead, which is a bridge. Each side lets in only what it was announced, so that a bridge, like a join, needs both
 * ends to name each other.
 *
 * @param stream the stream
 * @param own our addresses
 */
export function guardOwnPorts(stream: RelayStream, own: OwnMediaAddresses): void {
  if (own.share === undefined) return;
  const { portLow: low, portHigh: high } = own;
  for (const end of streamEnds(stream)) {
    end.ownPorts = { host: stream[end.side].bound.pair.address, low, high };
  }
}

/**
 * Puts the address that our ports are bound to in place of the one that the outside is told, so that the two ends of a
 * bridge know each other.
 *
 * @param party what was announced
 * @param own our addresses
 * @returns the same, in our own words
 */
export function inOwnWords(party: RelayParty, own: OwnMediaAddresses): RelayParty {
  const { rtp, rtcp } = party;
  if (own.share === undefined || own.wan === undefined) return party;
  const { wan: address, advertised } = own;
  const reworded = (target: RelayParty["rtp"]): RelayParty["rtp"] =>
    target !== undefined && target.address === advertised && isInRange(target.port, own)
      ? { ...target, address }
      : target;
  return { ...party, rtp: reworded(rtp), rtcp: reworded(rtcp) };
}

/**
 * Begins or ends a bridge.
 *
 * A stream has one on one side at most, and only if the other side's party is not at our own ports as well: packets
 * would go round in circles that nobody counts.
 *
 * @param end an end whose party was announced
 * @param own our addresses, and whether that party, and the one beyond, are at our own ports
 * @returns whether it is a bridge now
 */
export function settleBridge(
  end: RelayEnd,
  at: {
    readonly own: OwnMediaAddresses;
    readonly party: "own-port" | "elsewhere";
    readonly beyond: "own-port" | "elsewhere";
  },
): boolean {
  const { announcedHost, announcedPort } = end;
  const isBridge = at.party === "own-port" && at.beyond === "elsewhere" && isForeign(end, at.own);
  if (end.isBridge === isBridge) return isBridge;
  end.isBridge = isBridge;
  if (isBridge && end.lockedPort === 0) end.target = mediaTarget(announcedHost, announcedPort);
  if (!isBridge && at.party === "own-port") unlock(end);
  return isBridge;
}

/**
 * Tells whether a packet comes from a port of ours that the end's party was not announced at.
 *
 * @param end where it arrived
 * @param arrival the packet
 * @returns true when it must not be learnt
 */
export function isOwnStranger(
  end: RelayEnd,
  { hostname, port }: { readonly hostname: string; readonly port: number },
): boolean {
  const own = end.ownPorts;
  if (own === undefined || hostname !== own.host || port < own.low || port > own.high) return false;
  return !end.isBridge || hostname !== end.announcedHost || port !== end.announcedPort;
}

function isInRange(port: number, own: OwnMediaAddresses): boolean {
  return port >= own.portLow && port <= own.portHigh;
}

function isForeign(end: RelayEnd, { share }: OwnMediaAddresses): boolean {
  if (share === undefined || end.announcedHost !== end.ownPorts?.host) return false;
  return portWorker(end.announcedPort, share.workers) !== share.worker;
}

function unlock(end: RelayEnd): void {
  end.lockedHost = "";
  end.lockedPort = 0;
  end.claim = CLAIM_NONE;
  end.target = undefined;
}

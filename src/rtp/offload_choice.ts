import { parseIpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import { type MediaPath, mediaPathFamily } from "../base/media_path.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import type { RelayEnd } from "./relay_end.ts";
import type { RelayStream } from "./relay_stream.ts";

/** Packets of each party before the kernel takes its media over: a source that is still being learnt may change. */
const MIN_PACKETS = 5;

/** Finds the live stream of a number. */
export type StreamLookup = (streamId: number) => RelayStream | undefined;

/**
 * Tells which way the packets that arrive at an end could take through the kernel.
 *
 * Both parties must be locked, and none held. What is no RTP, or goes on later than it came, stays with the daemon; so
 * does what this machine sends to itself, which no router forwards.
 *
 * @param end where they arrive
 * @param streams all live ones
 * @returns undefined as long as the daemon must see them
 */
export function offloadPath(end: RelayEnd, streams: StreamLookup): MediaPath | undefined {
  const { outlet } = end;
  if (outlet === undefined || outlet.outlet !== end || !isPlain(end) || !isPlain(outlet)) {
    return undefined;
  }
  const arrival = ownSocket(end, streams);
  const departure = ownSocket(outlet, streams);
  const source = lockedPeer(end);
  const target = lockedPeer(outlet);
  if (arrival === undefined || departure === undefined) return undefined;
  if (source === undefined || target === undefined) return undefined;
  const own = [arrival.address, departure.address];
  if (own.includes(source.address) || own.includes(target.address)) return undefined;
  const path = { source, arrival, departure, target };
  return mediaPathFamily(path) === undefined ? undefined : path;
}

/**
 * Tells whether both parties sent enough to be sure of them; control packets are few, and follow their media.
 *
 * @param end where packets arrive
 * @returns false as long as a better source may turn up
 */
export function isSettled(end: RelayEnd): boolean {
  if (end.component === "rtcp") return true;
  return end.packets >= MIN_PACKETS && (end.outlet?.packets ?? 0) >= MIN_PACKETS;
}

function isPlain(end: RelayEnd): boolean {
  return end.payload === "rtp" && end.dejitter === undefined;
}

/** Our own socket of an end, unless its stream is gone, or held by either party. */
function ownSocket(end: RelayEnd, streams: StreamLookup): SocketAddress | undefined {
  const stream = streams(end.streamId);
  if (stream === undefined || stream[end.side][end.component] !== end) return undefined;
  if (stream.lan.flow === "held" || stream.wan.flow === "held") return undefined;
  const { address, rtpPort } = stream[end.side].bound.pair;
  return { address, port: end.component === "rtp" ? rtpPort : rtpPort + 1 };
}

/** The locked source, if packets of it can be forwarded. */
function lockedPeer({ lockedHost, lockedPort, target }: RelayEnd): SocketAddress | undefined {
  if (lockedPort === 0 || target?.port !== lockedPort || target.hostname !== lockedHost) {
    return undefined;
  }
  const address = parseIpAddress(lockedHost);
  if (address === undefined) return undefined;
  const scope = addressScope(address);
  return scope === "private" || scope === "global" ? { address, port: lockedPort } : undefined;
}

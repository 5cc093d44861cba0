/** Relay streams whose parties are announced and locked, without a socket. */

import type { Side, SocketAddress } from "../../src/base/socket_address.ts";
import type { RelayEnd } from "../../src/rtp/relay_end.ts";
import { mediaTarget } from "../../src/rtp/relay_end.ts";
import type { BoundPair, RelayStream } from "../../src/rtp/relay_stream.ts";
import { RelayTable } from "../../src/rtp/relay_table.ts";
import { ip } from "./address.ts";
import { at } from "./media_paths.ts";

const SOCKET = { send: () => Promise.resolve(0) };

/** Phone and peer of the n-th stream. */
export function partyOf(side: Side, number: number): SocketAddress {
  return side === "lan" ? at("10.0.0.2", 4000 + 4 * number) : at("198.51.100.9", 5000 + 4 * number);
}

function pairOf(side: Side, number: number): BoundPair {
  const address = ip(side === "lan" ? "10.0.0.1" : "203.0.113.1");
  const rtpPort = (side === "lan" ? 7070 : 7072) + 4 * number;
  return { pair: { pairId: number, side, address, rtpPort }, rtp: SOCKET, rtcp: SOCKET };
}

/** A table that gives the n-th stream the n-th ports. */
export function relayTable(): RelayTable {
  return new RelayTable({
    timeouts: { timeoutMs: 300_000, holdTimeoutMs: 600_000 },
    own: {
      lan: ip("10.0.0.1"),
      wan: ip("203.0.113.1"),
      advertised: undefined,
      portLow: 7070,
      portHigh: 7999,
    },
    takePairs: ({ streamId }) => ({ lan: pairOf("lan", streamId), wan: pairOf("wan", streamId) }),
  });
}

/** Opens the stream of a number and announces both parties. */
export function openStream(
  table: RelayTable,
  of: { readonly streamId?: number; readonly payload?: "rtp" | "other" } = {},
): RelayStream {
  const { streamId = 0, payload = "rtp" } = of;
  const ids = { callId: `c${streamId}`, mediaIndex: 0, lanPairId: 0, wanPairId: 0 };
  table.apply({ kind: "open", streamId, payload, ...ids }, 0);
  for (const side of ["lan", "wan"] as const) announce(table, { streamId, side });
  const stream = table.stream(streamId);
  if (stream === undefined) throw new Error("Cannot open a stream");
  return stream;
}

/** Announces a party where it is, held or elsewhere. */
export function announce(
  table: RelayTable,
  what: {
    readonly streamId: number;
    readonly side: Side;
    readonly flow?: "active" | "held";
    readonly rtp?: SocketAddress;
  },
): void {
  const { streamId, side, flow = "active", rtp = partyOf(side, streamId) } = what;
  const rtcp = { ...rtp, port: rtp.port + 1 };
  const party = { rtp, rtcp, written: `${rtp.address}:${rtp.port}`, flow };
  table.apply({ kind: "announce", streamId, side, party }, 0);
}

/** Locks an end on a source, after some packets. */
export function lock(end: RelayEnd, source: SocketAddress): void {
  end.lockedHost = source.address;
  end.lockedPort = source.port;
  end.target = mediaTarget(source.address, source.port);
  end.packets = 5;
}

/** Locks both RTP ends where they were announced. */
export function lockRtp(stream: RelayStream, packets = 5): void {
  for (const side of ["lan", "wan"] as const) {
    lock(stream[side].rtp, partyOf(side, stream.streamId));
    stream[side].rtp.packets = packets;
  }
}

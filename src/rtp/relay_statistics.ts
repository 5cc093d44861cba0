import type { Side } from "../base/socket_address.ts";
import type { RelayEnd } from "./relay_end.ts";
import { type RelayStream, streamEnds } from "./relay_stream.ts";
import { FIRST_DROP, VERDICT_COUNT, VERDICT_NAMES } from "./verdict.ts";

/** Sums over many ends. */
export interface RelayTotals {
  /** Streams that were closed or are live. */
  streams: number;
  /** Accepted packets and their bytes, RTCP included. */
  packets: number;
  bytes: number;
  /** The same by the side they came from. */
  readonly from: Readonly<Record<Side, { packets: number; bytes: number }>>;
  /** Refused packets by the reason's word. */
  readonly dropped: Record<string, number>;
}

/** What one leg received. */
export interface LegStatistics {
  readonly rtpPort: number;
  readonly flow: "active" | "held";
  readonly packets: number;
  readonly bytes: number;
  readonly rtcpPackets: number;
  readonly dropped: number;
  /** Locked RTP source as `host port`, or "" while it is still to be learnt. */
  readonly source: string;
}

/** What one stream did so far; plain data that can be posted. */
export interface StreamStatistics {
  readonly streamId: number;
  readonly callId: string;
  readonly mediaIndex: number;
  /** Who relays its media now. */
  readonly relay: "daemon" | "kernel";
  readonly lan: LegStatistics;
  readonly wan: LegStatistics;
}

/**
 * Starts a sum.
 *
 * @returns totals of nothing
 */
export function emptyTotals(): RelayTotals {
  const from = { lan: { packets: 0, bytes: 0 }, wan: { packets: 0, bytes: 0 } };
  return { streams: 0, packets: 0, bytes: 0, from, dropped: {} };
}

/**
 * Copies a sum, to add more to the copy.
 *
 * @param totals the sum, which stays as it is
 * @returns an equal one
 */
export function copyTotals(totals: RelayTotals): RelayTotals {
  const { from, dropped } = totals;
  return {
    ...totals,
    from: { lan: { ...from.lan }, wan: { ...from.wan } },
    dropped: { ...dropped },
  };
}

/**
 * Adds up the totals of two tables.
 *
 * @param left one
 * @param right the other
 * @returns a new sum
 */
export function addTotals(left: RelayTotals, right: RelayTotals): RelayTotals {
  const sum = copyTotals(left);
  sum.streams += right.streams;
  addTraffic(sum, right);
  addTraffic(sum.from.lan, right.from.lan);
  addTraffic(sum.from.wan, right.from.wan);
  for (const [reason, amount] of Object.entries(right.dropped)) {
    sum.dropped[reason] = (sum.dropped[reason] ?? 0) + amount;
  }
  return sum;
}

interface Traffic {
  packets: number;
  bytes: number;
}

function addTraffic(sum: Traffic, more: Readonly<Traffic>): void {
  sum.packets += more.packets;
  sum.bytes += more.bytes;
}

/**
 * Adds one stream to a sum.
 *
 * @param totals the sum, which is changed
 * @param stream the stream to add
 */
export function sumStream(totals: RelayTotals, stream: RelayStream): void {
  totals.streams++;
  for (const end of streamEnds(stream)) {
    addTraffic(totals, end);
    addTraffic(totals.from[end.side], end);
    for (let verdict: number = FIRST_DROP; verdict < VERDICT_COUNT; verdict++) {
      countDrop(totals.dropped, { verdict, amount: end.verdicts[verdict] ?? 0 });
    }
  }
}

/**
 * Counts refused packets under their reason.
 *
 * @param dropped sums by reason, which are changed
 * @param count verdict and how many
 */
export function countDrop(
  dropped: Record<string, number>,
  count: { readonly verdict: number; readonly amount: number },
): void {
  if (count.amount === 0) return;
  const reason = VERDICT_NAMES[count.verdict] ?? "unknown";
  dropped[reason] = (dropped[reason] ?? 0) + count.amount;
}

/**
 * Reads the figures of one stream.
 *
 * @param stream a live stream
 * @returns its figures at this moment
 */
export function streamStatistics(stream: RelayStream): StreamStatistics {
  const { streamId, callId, mediaIndex } = stream;
  const lan = legStatistics(stream, "lan");
  const wan = legStatistics(stream, "wan");
  // Of a local call each stream has one party of its own.
  const relay = stream.lan.rtp.inKernel || stream.wan.rtp.inKernel ? "kernel" : "daemon";
  return { streamId, callId, mediaIndex, relay, lan, wan };
}

function legStatistics(stream: RelayStream, side: "lan" | "wan"): LegStatistics {
  const { rtp, rtcp, bound, flow } = stream[side];
  return {
    rtpPort: bound.pair.rtpPort,
    flow,
    packets: rtp.packets,
    bytes: rtp.bytes,
    rtcpPackets: rtcp.packets,
    dropped: drops(rtp) + drops(rtcp),
    source: rtp.lockedPort === 0 ? "" : `${rtp.lockedHost} ${rtp.lockedPort}`,
  };
}

function drops(end: RelayEnd): number {
  let sum = 0;
  for (let verdict: number = FIRST_DROP; verdict < VERDICT_COUNT; verdict++) {
    sum += end.verdicts[verdict] ?? 0;
  }
  return sum;
}

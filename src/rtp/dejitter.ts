import { PACKET_RTP, sourceIdentifier, timestamp } from "./rtp_header.ts";

/** Packets that must have come before the line through them is trusted; until then a packet counts as undelayed. */
const SETTLED_PACKETS = 10;

/**
 * Packets the running averages look back on: two seconds of speech. The first of a stream weigh 1, 1/2, 1/3 … so that
 * the line is as good as so few packets allow; from here on each weighs 0.01.
 */
const WINDOW_PACKETS = 100;

/** Silence after which a stream begins anew: nobody promises that its timestamps went on meanwhile. */
const SILENCE_MS = 2000;

/** Least distance from the line that can't be jitter any more; more when the delay evens out more. */
const JUMP_MS = 200;

/** Packets in a row too late for the line that mean a jump; a burst after a stall of the network has fewer. */
const MAX_LATE_IN_A_ROW = 25;

/** Most ticks between two packets of one stream: 192 kHz over the longest silence. */
const MAX_TICKS: number = 192 * SILENCE_MS;

/** Clock rates outside are an error of the line: text has 1 kHz (RFC 4103), no audio more than 192 kHz. */
const LOWEST_TICKS_A_MS = 0.8;
const HIGHEST_TICKS_A_MS = 250;

/** An RTP packet as it came. */
export interface DejitterArrival {
  readonly packet: Uint8Array;
  /** Monotonic milliseconds; they never run back. */
  readonly nowMs: number;
}

/**
 * What is known of the pace of one RTP stream: a straight line through arrival times over RTP timestamps, whose slope
 * is the stream's clock rate. Mutable and flat: it is written by every packet.
 */
export interface Dejitter {
  /** rtp_input_dejitter or rtp_output_dejitter. */
  readonly delayMs: number;
  /** Packets the line goes through, {@linkcode WINDOW_PACKETS} at most; 0 before the first. */
  packets: number;
  sourceId: number;
  /** The last packet the line was drawn through: the origin of the means. */
  timestamp: number;
  arrivedAtMs: number;
  /** Running averages: centre, variance of the timestamps, covariance of both. */
  meanTicks: number;
  meanMs: number;
  variance: number;
  covariance: number;
  lateInARow: number;
  /** Last packet of any sort, and when it goes. */
  heardAtMs: number;
  dueAtMs: number;
}

/**
 * Starts to even out a stream.
 *
 * @param delayMs delay that a packet without jitter gets, more than 0; jitter up to as much is evened out
 * @returns the state, which knows nothing yet
 */
export function createDejitter(delayMs: number): Dejitter {
  return {
    delayMs,
    packets: 0,
    sourceId: 0,
    timestamp: 0,
    arrivedAtMs: 0,
    meanTicks: 0,
    meanMs: 0,
    variance: 0,
    covariance: 0,
    lateInARow: 0,
    heardAtMs: 0,
    dueAtMs: 0,
  };
}

/**
 * Tells when an RTP packet is to be sent, and learns from it.
 *
 * @param dejitter state of the stream
 * @param arrival an RTP packet and the time
 * @returns monotonic milliseconds from now to now + 2 × delay, never before what came earlier: order is kept
 */
export function dueTimeMs(dejitter: Dejitter, arrival: DejitterArrival): number {
  const { delayMs } = dejitter;
  const { nowMs } = arrival;
  const wantedMs = Math.min(expectedTimeMs(dejitter, arrival) + delayMs, nowMs + 2 * delayMs);
  const dueMs = Math.max(wantedMs, nowMs, dejitter.dueAtMs);
  dejitter.heardAtMs = nowMs;
  dejitter.dueAtMs = dueMs;
  return dueMs;
}

/** When the packet would have come without jitter, as far as is known. */
function expectedTimeMs(dejitter: Dejitter, { packet, nowMs }: DejitterArrival): number {
  const stamp = timestamp(packet);
  const sourceId = sourceIdentifier(packet, PACKET_RTP);
  const ticks = (stamp - dejitter.timestamp) | 0;
  if (isNew(dejitter, { sourceId, ticks, nowMs })) {
    restart(dejitter, { sourceId, stamp, nowMs });
    return nowMs;
  }
  // A later part of a video frame or of a key press (RFC 4733 §2.5.1.2): its timestamp isn't when it was sent.
  if (ticks === 0) return nowMs;
  if (isSettled(dejitter)) {
    const offMs = lineAtMs(dejitter, ticks) - (nowMs - dejitter.arrivedAtMs);
    if (Math.abs(offMs) > Math.max(JUMP_MS, 2 * dejitter.delayMs)) {
      dejitter.lateInARow++;
      if (offMs < 0 && dejitter.lateInARow < MAX_LATE_IN_A_ROW) return nowMs + offMs;
      // No network delivers before the time: the timestamps jumped.
      restart(dejitter, { sourceId, stamp, nowMs });
      return nowMs;
    }
  }
  dejitter.lateInARow = 0;
  observe(dejitter, { ticks, stamp, nowMs });
  return isSettled(dejitter) ? nowMs + lineAtMs(dejitter, 0) : nowMs;
}

/** Another source, a silence, or more ticks than any clock makes in the longest silence. */
function isNew(
  dejitter: Dejitter,
  packet: { readonly sourceId: number; readonly ticks: number; readonly nowMs: number },
): boolean {
  return dejitter.packets === 0 || packet.sourceId !== dejitter.sourceId ||
    packet.nowMs - dejitter.heardAtMs > SILENCE_MS || Math.abs(packet.ticks) > MAX_TICKS;
}

function restart(
  dejitter: Dejitter,
  first: { readonly sourceId: number; readonly stamp: number; readonly nowMs: number },
): void {
  dejitter.packets = 1;
  dejitter.sourceId = first.sourceId;
  dejitter.timestamp = first.stamp;
  dejitter.arrivedAtMs = first.nowMs;
  dejitter.meanTicks = 0;
  dejitter.meanMs = 0;
  dejitter.variance = 0;
  dejitter.covariance = 0;
  dejitter.lateInARow = 0;
}

/** Draws the line through one more packet; the origin moves with it, so that no number grows with the call. */
function observe(
  dejitter: Dejitter,
  packet: { readonly ticks: number; readonly stamp: number; readonly nowMs: number },
): void {
  dejitter.packets = Math.min(dejitter.packets + 1, WINDOW_PACKETS);
  const weight = 1 / dejitter.packets;
  const aheadTicks = packet.ticks - dejitter.meanTicks;
  const aheadMs = packet.nowMs - dejitter.arrivedAtMs - dejitter.meanMs;
  dejitter.variance = (1 - weight) * (dejitter.variance + weight * aheadTicks * aheadTicks);
  dejitter.covariance = (1 - weight) * (dejitter.covariance + weight * aheadTicks * aheadMs);
  dejitter.meanTicks = (weight - 1) * aheadTicks;
  dejitter.meanMs = (weight - 1) * aheadMs;
  dejitter.timestamp = packet.stamp;
  dejitter.arrivedAtMs = packet.nowMs;
}

function isSettled({ packets, variance, covariance }: Dejitter): boolean {
  return packets >= SETTLED_PACKETS && variance > covariance * LOWEST_TICKS_A_MS &&
    variance < covariance * HIGHEST_TICKS_A_MS;
}

/** The line's time at a timestamp, both counted from the last packet it was drawn through. */
function lineAtMs(dejitter: Dejitter, ticks: number): number {
  const { meanMs, meanTicks, covariance, variance } = dejitter;
  return meanMs + (covariance / variance) * (ticks - meanTicks);
}

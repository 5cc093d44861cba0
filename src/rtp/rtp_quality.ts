import { payloadType, sequenceNumber, sourceIdentifier, timestamp } from "./rtp_header.ts";
import { PACKET_RTP } from "./rtp_header.ts";

/** Packets below which a stream says nothing about its network: one second of speech. */
const LEAST_PACKETS = 50;

/** RFC 3550 A.1: a larger gap is no loss but another beginning. */
const MAX_DROPOUT = 3_000;

/** RFC 3550 A.1: how far behind a late packet may come. */
const MAX_MISORDER = 100;

/** Time after which the clock of a payload type of the dynamic range is told from its timestamps. */
const RATE_AFTER_MS = 1_000;

/** Clock rates in use (RFC 3551, RFC 7587); one of them is next to what was measured. */
const RATES_HZ: readonly number[] = [8_000, 16_000, 24_000, 32_000, 44_100, 48_000, 90_000];

/** RFC 3551 §6: first payload type whose clock is not fixed by its number. */
const FIRST_DYNAMIC_TYPE = 35;

/**
 * What the RTP of one party tells of its way to us: loss by sequence numbers (RFC 3550 A.3) and jitter (A.8).
 *
 * Mutable and flat: the packet loop writes it and allocates nothing.
 */
export interface RtpQuality {
  received: number;
  /** Packets expected by the sources before the present one. */
  expectedBefore: number;
  sourceId: number;
  /** First sequence number of the present source, and the highest with its wraps counted. */
  base: number;
  highest: number;
  payloadType: number;
  /** 0 until it is known. */
  rateHz: number;
  /** Where the measuring of an unknown clock began. */
  rateFromMs: number;
  rateFrom: number;
  lastAtMs: number;
  lastTimestamp: number;
  jitterMs: number;
}

/** What is told of a stream that ended. */
export interface RtpQualityFigures {
  /** 0 … 1. */
  readonly lossRatio: number;
  /** Undefined where the clock of its payload could not be told. */
  readonly jitterMs: number | undefined;
}

/**
 * Makes the books of an end that has heard nothing.
 *
 * @returns books to be filled by every packet
 */
export function createRtpQuality(): RtpQuality {
  return {
    received: 0,
    expectedBefore: 0,
    sourceId: 0,
    base: 0,
    highest: -1,
    payloadType: -1,
    rateHz: 0,
    rateFromMs: 0,
    rateFrom: 0,
    lastAtMs: 0,
    lastTimestamp: 0,
    jitterMs: 0,
  };
}

/**
 * Enters an RTP packet.
 *
 * @param quality the books of its party, which are changed
 * @param packet an RTP packet
 * @param nowMs when it came
 */
// deno-lint-ignore house/max-parameters -- once a packet: an object for it would be garbage
export function noteRtp(quality: RtpQuality, packet: Uint8Array, nowMs: number): void {
  const sequence = sequenceNumber(packet);
  const sourceId = sourceIdentifier(packet, PACKET_RTP);
  quality.received++;
  if (quality.highest < 0 || sourceId !== quality.sourceId) {
    restart(quality, sequence);
    quality.sourceId = sourceId;
    beginClock(quality, packet, nowMs);
    return;
  }
  const step = (sequence - quality.highest) & 0xffff;
  if (step === 0 || step > 0xffff - MAX_MISORDER) return;
  if (step > MAX_DROPOUT) {
    restart(quality, sequence);
    beginClock(quality, packet, nowMs);
    return;
  }
  quality.highest += step;
  noteClock(quality, packet, nowMs);
}

/**
 * Stops counting until the next packet: what comes meanwhile passes somebody else.
 *
 * @param quality the books of one party
 */
export function pauseRtp(quality: RtpQuality): void {
  quality.expectedBefore = expected(quality);
  quality.highest = -1;
}

function restart(quality: RtpQuality, sequence: number): void {
  quality.expectedBefore = expected(quality);
  quality.base = sequence;
  quality.highest = sequence;
}

function expected({ expectedBefore, base, highest }: RtpQuality): number {
  return highest < 0 ? expectedBefore : expectedBefore + highest - base + 1;
}

function beginClock(quality: RtpQuality, packet: Uint8Array, nowMs: number): void {
  const type = payloadType(packet);
  quality.payloadType = type;
  quality.rateHz = staticRateHz(type);
  quality.lastAtMs = nowMs;
  quality.lastTimestamp = timestamp(packet);
  quality.rateFromMs = nowMs;
  quality.rateFrom = quality.lastTimestamp;
}

/** Packets of one instant (a video picture, a dialled digit) and those of another payload type say nothing of jitter. */
function noteClock(quality: RtpQuality, packet: Uint8Array, nowMs: number): void {
  const type = payloadType(packet);
  const stamp = timestamp(packet);
  const ticks = (stamp - quality.lastTimestamp) | 0;
  if (type !== quality.payloadType) return;
  if (ticks === 0) return;
  const elapsedMs = nowMs - quality.lastAtMs;
  quality.lastAtMs = nowMs;
  quality.lastTimestamp = stamp;
  if (quality.rateHz === 0) {
    if (nowMs - quality.rateFromMs >= RATE_AFTER_MS) quality.rateHz = measuredRateHz(quality);
    return;
  }
  const distanceMs = Math.abs(elapsedMs - ticks * 1000 / quality.rateHz);
  quality.jitterMs += (distanceMs - quality.jitterMs) / 16;
}

function measuredRateHz({ lastTimestamp, rateFrom, lastAtMs, rateFromMs }: RtpQuality): number {
  const measured = ((lastTimestamp - rateFrom) | 0) * 1000 / (lastAtMs - rateFromMs);
  let nearest = 0;
  for (const rate of RATES_HZ) {
    if (Math.abs(rate - measured) < Math.abs(nearest - measured)) nearest = rate;
  }
  return nearest;
}

/** RFC 3551 §6, tables 4 and 5; 0 where the number fixes no clock. */
function staticRateHz(type: number): number {
  if (type >= FIRST_DYNAMIC_TYPE) return 0;
  switch (type) {
    case 6:
      return 16_000;
    case 10:
    case 11:
      return 44_100;
    case 16:
      return 11_025;
    case 17:
      return 22_050;
  }
  return type === 14 || type >= 24 ? 90_000 : 8_000;
}

/**
 * Reads the books at a stream's end.
 *
 * @param quality the books of one party
 * @returns undefined where too little was heard
 */
export function rtpQuality(quality: RtpQuality): RtpQualityFigures | undefined {
  if (quality.received < LEAST_PACKETS) return undefined;
  const lost = Math.max(expected(quality) - quality.received, 0);
  return {
    lossRatio: lost / expected(quality),
    jitterMs: quality.rateHz === 0 ? undefined : quality.jitterMs,
  };
}

/**
 * Judges the delay and the loss of a relay on a machine that is not its own: beside it, in the same seconds, a bare relay
 * without logic took the same way through the same kernel.
 */

/** Time that the relay may add to a packet, at the 99th percentile. */
export const P99_LIMIT_MS = 5 as const;
/** Share of packets that may be lost. */
export const LOSS_LIMIT = 0.001 as const;
/** A bare relay that is faster shows a machine that has nothing to do with a delay: it takes nothing off. */
const BARE_P99_MS = 1;
/** A sender that is late by more, at the 99th percentile, measures the machine and not the relay. */
const LATE_LIMIT_MS = 2;
/** What a machine that is not busy otherwise needs for a packet, with much to spare. */
const CALM_P99_MS = 2;

/** What packets went through: p99 of their delay, p99 of their senders' lateness, share that was lost. */
export interface MediaSeconds {
  readonly p99Ms: number;
  readonly lateMs: number;
  readonly lossShare: number;
}

/** A relay, a bare one in the same seconds, and the relay before the attack. */
export interface MediaBeside {
  readonly measured: MediaSeconds;
  readonly bare: MediaSeconds;
  readonly control: MediaSeconds;
}

/**
 * `holds` and `miss` are the relay's own doing. `excused` holds because of what the bare relay takes off, and a calmer
 * moment would tell more; `again` is a miss of which the machine may be the cause.
 */
export type MediaVerdict = "holds" | "excused" | "again" | "miss";

/** Judges one measurement under attack; a figure that is no number never holds. */
export function judgeMedia(seen: MediaBeside): MediaVerdict {
  const { measured, bare } = seen;
  if (!keepsDelay(measured, bare) || !keepsLoss(measured)) return isCalm(seen) ? "miss" : "again";
  return measured.p99Ms < P99_LIMIT_MS ? "holds" : "excused";
}

/** Whether what the relay adds to the time of a bare one is below the limit. */
export function keepsDelay(
  measured: Pick<MediaSeconds, "p99Ms">,
  bare: Pick<MediaSeconds, "p99Ms">,
): boolean {
  const machineMs = takesOff(bare) ? bare.p99Ms : 0;
  return measured.p99Ms - machineMs < P99_LIMIT_MS;
}

/** Whether the bare relay was so slow that its time is the machine's. */
export function takesOff(bare: Pick<MediaSeconds, "p99Ms">): boolean {
  return bare.p99Ms >= BARE_P99_MS;
}

/** Whether the loss is below the limit, whatever the machine did. */
export function keepsLoss({ lossShare }: Pick<MediaSeconds, "lossShare">): boolean {
  return lossShare < LOSS_LIMIT;
}

function isCalm({ measured, bare, control }: MediaBeside): boolean {
  return Math.max(measured.lateMs, bare.lateMs) < LATE_LIMIT_MS &&
    Math.max(control.p99Ms, bare.p99Ms) < CALM_P99_MS && bare.lossShare === 0;
}

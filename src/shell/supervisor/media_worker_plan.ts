import type { RtpConfig } from "../../config/config.ts";
import { MAX_MEDIA_WORKERS } from "../../rtp/media_share.ts";

/** Cores that `auto` leaves to SIP, the supervisor and everything else of the machine. */
const CORES_FOR_OTHERS = 2;

/** Isolates that `auto` goes up to: the kernel's part of relaying (softirq) wants the other cores. */
const MAX_AUTO_WORKERS = 2;

/** Pairs of ports below which `auto` divides nothing: so few calls keep one core idle, and each part would be tight. */
const MIN_PAIRS_TO_DIVIDE = 128;

/** How many media isolates there are. */
export interface MediaWorkerPlan {
  readonly workers: number;
  /** `by-need`: one, and the next when it has much to do; each takes 16 MB. */
  readonly start: "all" | "by-need";
}

/**
 * Plans the media isolates.
 *
 * @param rtp what is configured
 * @param cores of the machine
 * @returns how many, and when they start
 */
export function mediaWorkerPlan(rtp: RtpConfig, cores: number): MediaWorkerPlan {
  const { workers, portLow, portHigh } = rtp;
  if (workers !== "auto") return { workers: Math.min(workers, MAX_MEDIA_WORKERS), start: "all" };
  const pairs = (portHigh - portLow) / 2 + 1;
  const useful = pairs < MIN_PAIRS_TO_DIVIDE ? 1 : Math.min(MAX_AUTO_WORKERS, cores);
  return { workers: cores > CORES_FOR_OTHERS ? useful : 1, start: "by-need" };
}

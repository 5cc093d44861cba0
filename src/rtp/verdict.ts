/** Send it on. */
export const FORWARD = 0;
/** Send it on; its source has just been locked. */
export const LEARN_AND_FORWARD = 1;
/** It came from elsewhere than the locked, or than any permitted, source (R3). */
export const DROP_SOURCE = 2;
/** The party's SDP has not been seen yet, or the port belongs to no stream. */
export const DROP_UNKNOWN_PARTY = 3;
/** No valid header where RTP or RTCP was announced. */
export const DROP_NOT_RTP = 4;
/** STUN ends here: ICE was taken out of the SDP. */
export const DROP_STUN = 5;
/** Good, but the other party has no address yet (or is on hold at 0.0.0.0). */
export const DROP_NO_TARGET = 6;
/** Longer than the receive buffer, so its end is missing. */
export const DROP_TOO_LONG = 7;

/** What becomes of one packet; an integer, so that the packet loop allocates nothing. */
export type Verdict =
  | typeof FORWARD
  | typeof LEARN_AND_FORWARD
  | typeof DROP_SOURCE
  | typeof DROP_UNKNOWN_PARTY
  | typeof DROP_NOT_RTP
  | typeof DROP_STUN
  | typeof DROP_NO_TARGET
  | typeof DROP_TOO_LONG;

/** The word a verdict has in counters and statistics, by its number. */
export const VERDICT_NAMES: readonly string[] = Object.freeze([
  "forwarded",
  "learned",
  "source",
  "unknown_party",
  "not_rtp",
  "stun",
  "no_target",
  "too_long",
]);

/** Number of verdicts. */
export const VERDICT_COUNT = 8;

/** The lowest verdict that drops. */
export const FIRST_DROP: typeof DROP_SOURCE = DROP_SOURCE;

/** An unanswered INVITE rings no longer than timer C of the proxies behind us (RFC 3261 §16.6 step 11: > 3 min). */
export const EARLY_LIFETIME_MS = 300_000;

/** A call that nobody ends is forgotten after half a day; its media went by rtp_timeout long before. */
export const CONFIRMED_LIFETIME_MS = 43_200_000;

/** Timer F: after a BYE that nobody answers the media stops (RFC 3261 §17.1.2.2). */
export const BYE_LIFETIME_MS = 32_000;

/** A call all of whose media timed out is kept so long for its BYE. */
export const SILENT_LIFETIME_MS = 3_600_000;

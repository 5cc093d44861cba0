import { headerValue } from "./headers.ts";
import { MAX_DELTA_SECONDS } from "./limits.ts";
import type { SipMessage } from "./message.ts";
import { parseDigits } from "./scan.ts";

/**
 * Parses delta-seconds (RFC 3261 §25.1); what does not fit in 32 bits counts as the largest value (§20.19).
 *
 * @param text digits; a sign, a blank or anything else makes it malformed
 * @returns 0 … 4294967295 seconds, or undefined when malformed, which counts as absent (§20.10, §10.3 step 7)
 */
export function parseDeltaSeconds(text: string): number | undefined {
  const seconds = parseDigits(text);
  return seconds === undefined ? undefined : Math.min(seconds, MAX_DELTA_SECONDS);
}

/**
 * Reads the Expires header field.
 *
 * @param message any message
 * @returns seconds; undefined when missing or malformed
 */
export function readExpires(message: SipMessage): number | undefined {
  const value = headerValue(message, "expires");
  return value === undefined ? undefined : parseDeltaSeconds(value);
}

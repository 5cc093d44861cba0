import { headerValue } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { parseDigits } from "./scan.ts";

/** What a Max-Forwards field says (RFC 3261 §20.22). */
export type MaxForwards =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "missing" }
  /** Not 0 … 255, or no number: siproxd counts it as 70. */
  | { readonly kind: "out-of-range" };

/**
 * Reads Max-Forwards; leading zeros are fine (RFC 4475 §3.1.1.1).
 *
 * @param message any message
 * @returns the value 0 … 255, or why there is none
 */
export function readMaxForwards(message: SipMessage): MaxForwards {
  const text = headerValue(message, "max-forwards");
  if (text === undefined) return { kind: "missing" };
  const value = parseDigits(text);
  return value === undefined || value > 255 ? { kind: "out-of-range" } : { kind: "value", value };
}

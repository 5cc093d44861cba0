import type { DigestAlgorithm } from "./digest_algorithm.ts";

/** What a challenge says. */
export interface Challenge {
  /** Latin1 text of its octets. */
  readonly realm: string;
  readonly nonce: string;
  /** `plain` is siproxd's own form, realm and nonce alone, for phones that know nothing newer than RFC 2069. */
  readonly form: DigestAlgorithm | "plain";
  /** `stale`: the password was right, only the nonce was not; the phone need not ask its user (RFC 7616 §3.3). */
  readonly reason: "first" | "stale";
}

/**
 * Writes a Proxy-Authenticate value.
 *
 * @param challenge what it says
 * @returns one line of text
 */
export function formatChallenge(challenge: Challenge): string {
  const { realm, nonce, form, reason } = challenge;
  const quoted = realm.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const stale = reason === "stale" ? ", stale=true" : "";
  const modern = form === "plain" ? "" : `, qop="auth", algorithm=${form}`;
  return `Digest realm="${quoted}", nonce="${nonce}"${stale}${modern}`;
}

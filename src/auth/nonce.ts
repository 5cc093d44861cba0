import { sameSecret } from "./digest_algorithm.ts";

/** Life of a nonce: longer than any exchange over a bad line, shorter than a registration. */
export const NONCE_LIFETIME_MS = 300_000;

/** Digits of each part; together the 32 hex digits that siproxd's nonces have. */
const TIME_DIGITS = 8;
const SALT_DIGITS = 8;
const NONCE_DIGITS = 32;

/** What a nonce is made from and checked with. */
export interface NonceWorld {
  readonly nowMs: number;
  /** Keyed hash: 32 hex digits that only we can make. */
  readonly keyedHash: (text: string) => string;
  /** Whom the nonce is for: credentials heard on the wire are of no use to anybody else. */
  readonly source: string;
  readonly realm: string;
}

/**
 * Makes a nonce that proves itself: its time, a salt that keeps phones behind one address apart, and a keyed hash
 * over both, the source and the realm (R21). Nothing needs to be remembered.
 *
 * @param world time, key and source
 * @param salt 8 unpredictable hex digits
 * @returns 32 hex digits
 */
export function makeNonce(world: NonceWorld, salt: string): string {
  const seconds = Math.floor(world.nowMs / 1000) % 2 ** 32;
  const head = seconds.toString(16).padStart(TIME_DIGITS, "0") + salt.slice(0, SALT_DIGITS);
  return head + proof(head, world);
}

function proof(head: string, world: NonceWorld): string {
  const text = `nonce\n${head}\n${world.source}\n${world.realm}`;
  return world.keyedHash(text).slice(0, NONCE_DIGITS - head.length);
}

/**
 * Judges a nonce that came back.
 *
 * @param nonce as in the credentials
 * @param world the same source and key, the time of now
 * @returns `foreign` when it is not ours (a restart changes the key) or was given to another source
 */
export function judgeNonce(nonce: string, world: NonceWorld): "fresh" | "expired" | "foreign" {
  const head = nonce.slice(0, TIME_DIGITS + SALT_DIGITS);
  if (nonce.length !== NONCE_DIGITS) return "foreign";
  if (!sameSecret(proof(head, world), nonce.slice(head.length))) return "foreign";
  const madeAtMs = parseInt(head.slice(0, TIME_DIGITS), 16) * 1000;
  return world.nowMs - madeAtMs > NONCE_LIFETIME_MS ? "expired" : "fresh";
}

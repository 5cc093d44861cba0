import { createHash, timingSafeEqual } from "node:crypto";

/** Hashes that we can check a digest with (RFC 8760 §2.1), as they stand in a challenge. */
export type DigestAlgorithm = "MD5" | "SHA-256";

/**
 * Reads the `algorithm` parameter.
 *
 * @param text as written, in any case; undefined when the parameter is missing, which means MD5 (RFC 7616 §3.3)
 * @returns undefined for one that we do not offer, the session variants included
 */
export function parseDigestAlgorithm(text: string | undefined): DigestAlgorithm | undefined {
  switch (text?.toUpperCase()) {
    case undefined:
    case "MD5":
      return "MD5";
    case "SHA-256":
      return "SHA-256";
    default:
      return undefined;
  }
}

/**
 * Hashes octets.
 *
 * @param algorithm which hash
 * @param text latin1 text, one character an octet, as messages are decoded
 * @returns lower-case hex: 32 digits of MD5, 64 of SHA-256
 */
export function digestHex(algorithm: DigestAlgorithm, text: string): string {
  const name = algorithm === "MD5" ? "md5" : "sha256";
  return createHash(name).update(text, "latin1").digest("hex");
}

/**
 * Compares a secret with what a peer sent in a time that depends on neither's content (R21).
 *
 * @param expected what we computed
 * @param given what came
 * @returns true when they are equal; their length is no secret
 */
export function sameSecret(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  const encoder = new TextEncoder();
  const left = encoder.encode(expected);
  const right = encoder.encode(given);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Digest authentication (RFC 2617, 7616 and 8760): challenges, nonces, passwords and the check of credentials.
 * It reads no file, knows no SIP message and remembers only what it is told to. The proxy's stage `authenticate` calls it.
 *
 * @module
 */
import type { DigestCredentials } from "./credentials.ts";
import {
  type DigestAlgorithm,
  digestHex,
  parseDigestAlgorithm,
  sameSecret,
} from "./digest_algorithm.ts";
import { canCheck, findSecret, type Passwords, type UserSecret } from "./passwords.ts";

/** Stands in for the password of a user that nobody knows, so that the answer takes as long (R20). */
const DECOY_PASSWORD = "decoy";

/** What a check says: `unsupported` is a digest of a kind that we never offered. */
export type DigestVerdict = "right" | "wrong" | "unsupported";

/**
 * Checks whether credentials prove a password; nonce, realm, URI and user are judged elsewhere.
 *
 * Known and unknown users, clear text and stored hashes cost the same hashes and one comparison.
 *
 * @param credentials of the request
 * @param question the request's method, and the passwords
 * @returns the verdict
 */
export function checkDigest(
  credentials: DigestCredentials,
  question: {
    readonly method: string;
    readonly passwords: Passwords;
    /** A digest of another kind is no proof: whoever can break the weaker one would choose it. Undefined: all count. */
    readonly accepted?: readonly DigestAlgorithm[] | undefined;
  },
): DigestVerdict {
  const algorithm = parseDigestAlgorithm(credentials.algorithm);
  const qop = credentials.protection?.qop.toLowerCase() ?? "auth";
  const { method, passwords, accepted } = question;
  if (algorithm === undefined || qop !== "auth" || accepted?.includes(algorithm) === false) {
    return "unsupported";
  }
  const secret = findSecret(passwords, credentials.username);
  const ha1 = secretHash(secret, { algorithm, credentials });
  const expected = digestResponse(credentials, { algorithm, ha1, method });
  const isSame = sameSecret(expected, credentials.response.toLowerCase());
  return isSame && secret !== undefined && canCheck(secret, algorithm) ? "right" : "wrong";
}

/** H(A1); computed even where a stored hash is used instead. */
function secretHash(
  secret: UserSecret | undefined,
  context: { readonly algorithm: DigestAlgorithm; readonly credentials: DigestCredentials },
): string {
  const { algorithm, credentials } = context;
  const { username, realm } = credentials;
  const password = secret?.password ?? DECOY_PASSWORD;
  const computed = digestHex(algorithm, `${username}:${realm}:${password}`);
  const stored = algorithm === "MD5" ? secret?.ha1Md5 : secret?.ha1Sha256;
  return stored ?? computed;
}

/**
 * Computes the response that credentials must hold (RFC 7616 §3.4.1; without qop RFC 2069).
 *
 * @param credentials nonce, uri and nonce use as the client wrote them
 * @param secrets algorithm, H(A1) in hex and the request's method
 * @returns lower-case hex
 */
export function digestResponse(
  credentials: Pick<DigestCredentials, "nonce" | "uri" | "protection">,
  secrets: { readonly algorithm: DigestAlgorithm; readonly ha1: string; readonly method: string },
): string {
  const { nonce, uri, protection } = credentials;
  const { algorithm, ha1, method } = secrets;
  const ha2 = digestHex(algorithm, `${method}:${uri}`);
  if (protection === undefined) return digestHex(algorithm, `${ha1}:${nonce}:${ha2}`);
  const { qop, nonceCount, cnonce } = protection;
  return digestHex(algorithm, `${ha1}:${nonce}:${nonceCount}:${cnonce}:${qop}:${ha2}`);
}

import { decodeLatin1 } from "../base/text.ts";
import type { DigestAlgorithm } from "./digest_algorithm.ts";

/** How the password of one user is known; latin1 text of the octets that the file holds. */
export interface UserSecret {
  readonly password?: string;
  /** Lower-case hex of MD5 over `username:realm:password`. */
  readonly ha1Md5?: string;
  /** The same of SHA-256. */
  readonly ha1Sha256?: string;
}

/** What passwords are checked against; plain data, so that the supervisor can post it. */
export type Passwords =
  | { readonly kind: "users"; readonly users: ReadonlyMap<string, UserSecret> }
  /** One password for every username. */
  | { readonly kind: "one"; readonly password: string }
  /** There should be some, but they could not be read: nobody gets in. */
  | { readonly kind: "unavailable" };

/** All that we can check, the preferred one first. */
const ALL_ALGORITHMS: readonly DigestAlgorithm[] = ["MD5", "SHA-256"];

/**
 * Gives the passwords that a configuration tells by itself.
 *
 * @param settings the two directives; a file wins over the one password, and is not read here
 * @returns unavailable when a file is named or nothing is
 */
export function configuredPasswords(
  settings: { readonly password: string | undefined; readonly passwordFile: string | undefined },
): Passwords {
  const { password, passwordFile } = settings;
  if (passwordFile !== undefined || password === undefined) return { kind: "unavailable" };
  return { kind: "one", password: wireText(password) };
}

/**
 * Finds how a user's password is known.
 *
 * @param passwords of this daemon
 * @param username as in the credentials; upper and lower case differ
 * @returns undefined for a user that is not listed
 */
export function findSecret(passwords: Passwords, username: string): UserSecret | undefined {
  switch (passwords.kind) {
    case "users":
      return passwords.users.get(username);
    case "one":
      return { password: passwords.password };
    case "unavailable":
      return undefined;
  }
}

/**
 * Tells whether a digest can be checked with what is known of a user.
 *
 * @param secret of the user
 * @param algorithm of the digest
 * @returns false when only the hash of the other algorithm is stored
 */
export function canCheck(secret: UserSecret, algorithm: DigestAlgorithm): boolean {
  const ha1 = algorithm === "MD5" ? secret.ha1Md5 : secret.ha1Sha256;
  return secret.password !== undefined || ha1 !== undefined;
}

/**
 * Chooses what is offered in challenges: the algorithms that work for every user, the preferred one first.
 *
 * MD5 stands first although RFC 8760 §2.4 makes new phones take it then: phones of before that RFC read the first
 * challenge only, and many give up at an algorithm that they do not know. A file with SHA-256 hashes offers SHA-256
 * alone, one with MD5 hashes MD5 alone. The offer does not depend on who asks, so it tells nobody who exists (R20).
 *
 * @param passwords of this daemon
 * @returns at least one; all that work for anybody where none works for everybody
 */
export function offeredAlgorithms(passwords: Passwords): readonly DigestAlgorithm[] {
  if (passwords.kind !== "users") return ALL_ALGORITHMS;
  const secrets = [...passwords.users.values()];
  const common = ALL_ALGORITHMS.filter((algorithm) =>
    secrets.every((secret) => canCheck(secret, algorithm))
  );
  return common.length > 0 ? common : ALL_ALGORITHMS;
}

/**
 * Turns a text of our configuration into what stands on the wire: one character an octet of its UTF-8 form.
 *
 * @param text a realm or a password
 * @returns latin1 text that compares equal to text cut out of a message
 */
export function wireText(text: string): string {
  return decodeLatin1(new TextEncoder().encode(text));
}

import type { DigestAlgorithm } from "./digest_algorithm.ts";

/** How the password of one user is known; latin1 text, one character an octet. */
export interface UserSecret {
  readonly password?: string;
  /** Lower-case hex of MD5 over `username:realm:password`. */
  readonly ha1Md5?: string;
  /** The same of SHA-256. */
  readonly ha1Sha256?: string;
}

/** What passwords are checked against; plain data, so that the supervisor can post it. */
export type Passwords =
  | {
    readonly kind: "users";
    readonly users: ReadonlyMap<string, UserSecret>;
    /** What challenges offer, the preferred one first. */
    readonly offered: readonly DigestAlgorithm[];
  }
  /** One password for every username. */
  | { readonly kind: "one"; readonly password: string }
  /** There should be some, but they could not be read: nobody gets in. */
  | { readonly kind: "unavailable" };

/** All that we can check; the one that every phone knows stands first. */
const ALL_ALGORITHMS: readonly DigestAlgorithm[] = ["MD5", "SHA-256"];

/** What is offered unless a file asks for more. */
const DEFAULT_OFFER: readonly DigestAlgorithm[] = ["MD5"];

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
  return { kind: "one", password };
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
 * Tells which algorithms work for every user.
 *
 * @param users of a file
 * @returns none when one user has an MD5 hash only and another a SHA-256 hash only
 */
export function commonAlgorithms(
  users: ReadonlyMap<string, UserSecret>,
): readonly DigestAlgorithm[] {
  const secrets = [...users.values()];
  return ALL_ALGORITHMS.filter((algorithm) =>
    secrets.every((secret) => canCheck(secret, algorithm))
  );
}

/**
 * Makes the passwords of a file, and chooses what challenges offer, the preferred one first.
 *
 * MD5 alone, as siproxd has it, unless the file asks for SHA-256 by storing its hashes: many phones of before RFC 8760
 * give up at a second challenge with an algorithm that they do not know (baresip 1.0 does), in whichever order they come.
 * SHA-256 hashes for all give SHA-256 alone; hashes of both kinds for all give both, SHA-256 first (RFC 8760 §2.3).
 * The offer does not depend on who asks, so it tells nobody who exists (R20).
 *
 * @param users of the file
 * @returns passwords that offer at least one algorithm; all of them where none works for everybody
 */
export function userPasswords(users: ReadonlyMap<string, UserSecret>): Passwords {
  return { kind: "users", users, offered: chooseOffer(users) };
}

function chooseOffer(users: ReadonlyMap<string, UserSecret>): readonly DigestAlgorithm[] {
  const common = commonAlgorithms(users);
  if (common.length === 0) return ALL_ALGORITHMS;
  if (!common.includes("MD5")) return common;
  const secrets = [...users.values()];
  const asksForSha256 = secrets.length > 0 &&
    secrets.every(({ ha1Sha256 }) => ha1Sha256 !== undefined);
  return asksForSha256 ? ["SHA-256", "MD5"] : DEFAULT_OFFER;
}

/**
 * Gives the algorithms of our challenges.
 *
 * @param passwords of this daemon
 * @returns at least one, the preferred one first
 */
export function offeredAlgorithms(passwords: Passwords): readonly DigestAlgorithm[] {
  return passwords.kind === "users" ? passwords.offered : DEFAULT_OFFER;
}

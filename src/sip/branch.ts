/** What every RFC 3261 branch begins with (§8.1.1.7). */
export const MAGIC_COOKIE = "z9hG4bK";

/**
 * Tells whether a branch identifies a transaction by itself.
 *
 * The bare cookie does not: such messages are matched as RFC 2543 ones (RFC 4475 §3.2.1).
 *
 * @param branch the branch of the topmost Via
 * @returns true when it begins with the cookie, in any case, and goes on behind it
 */
export function isTransactionBranch(branch: string | undefined): boolean {
  if (branch === undefined || branch.length <= MAGIC_COOKIE.length) return false;
  return branch.slice(0, MAGIC_COOKIE.length).toLowerCase() === MAGIC_COOKIE.toLowerCase();
}

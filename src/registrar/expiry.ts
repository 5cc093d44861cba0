/** Longest life of a registration, a week: above it a phone that is gone would stand in the table for good. */
export const MAX_EXPIRES_SECONDS = 604_800;

/**
 * Chooses the expiry of one Contact: its own parameter, else the Expires header, else a default (RFC 3261 §10.2.1.1).
 *
 * @param wishes in the order of their weight; undefined for what is missing or malformed
 * @returns seconds, at most a week
 */
export function chooseExpires(...wishes: readonly (number | undefined)[]): number {
  return Math.min(wishes.find((wish) => wish !== undefined) ?? 0, MAX_EXPIRES_SECONDS);
}

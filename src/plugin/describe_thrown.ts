/** Longest text of an error in the log. */
const MAX_ERROR_LENGTH_CHARS = 300;

/**
 * Says what a plugin threw, which may be anything, also what throws when it is read.
 *
 * @param thrown as caught
 * @returns name and message of an error, cut
 */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) {
      return `${thrown.name}: ${thrown.message}`.slice(0, MAX_ERROR_LENGTH_CHARS);
    }
  } catch {
    // Its own name or message is a trap.
  }
  return "a thrown value";
}

/** Random bytes fetched at once: asking the system for each tag anew costs more than the message around it. */
const POOL_LENGTH_BYTES = 4096;

/**
 * Makes a source of unpredictable hex digits.
 *
 * @param fill gets random bytes; the system's generator unless a test gives another
 * @returns a function from a number of digits to that many lower-case hex digits
 */
export function createRandomHex(
  fill: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes),
): (digits: number) => string {
  const pool = new Uint8Array(POOL_LENGTH_BYTES);
  let used = POOL_LENGTH_BYTES;
  return (digits) => {
    const lengthBytes = Math.min(Math.ceil(digits / 2), POOL_LENGTH_BYTES);
    if (used + lengthBytes > POOL_LENGTH_BYTES) {
      fill(pool);
      used = 0;
    }
    const text = pool.subarray(used, used + lengthBytes).toHex().slice(0, digits);
    pool.fill(0, used, used + lengthBytes);
    used += lengthBytes;
    return text;
  };
}

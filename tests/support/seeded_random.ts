/**
 * Makes a random number generator that gives the same numbers in every run (mulberry32).
 *
 * @param seed any 32-bit number
 * @returns a function that gives a number from 0 up to, not including, 1
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Makes a source of hex digits that gives 1, 2, 3 … so that a test can name what it expects.
 *
 * @returns a function that gives the next number in so many digits
 */
export function countingHex(): (digits: number) => string {
  let count = 0;
  return (digits) => (++count).toString(16).padStart(digits, "0");
}

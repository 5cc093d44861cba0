/**
 * Passes a number that may stand in a line for nft: numbers come from the configuration and the sockets, and one that
 * is none is a bug of ours, never a line.
 *
 * @param value what is to be written
 * @param max highest value that makes sense
 * @returns the same value
 */
export function wholeNumber(value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new RangeError(`Cannot write "${value}" into a line for nft: 0…${max} is expected`);
}

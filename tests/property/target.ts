import type { Dice } from "./dice.ts";

/** Something that takes octets from outside and must bear all of them. */
export interface Target {
  readonly name: string;
  /** Makes one input. */
  readonly generate: (dice: Dice) => Uint8Array<ArrayBuffer>;
  /** Runs one input; whatever is wrong with what came of it is thrown. */
  readonly run: (input: Uint8Array) => void;
}

/**
 * Throws what is wrong, with the text that shows it.
 *
 * @param what the rule that was broken
 * @param shown the value that broke it
 */
export function broken(what: string, shown: string): never {
  throw new Error(`${what}: ${JSON.stringify(shown.slice(0, 400))}`);
}

import { seededRandom } from "../support/seeded_random.ts";

/** Random choices that come again in every run with the same seed. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** A whole number from 0 up to, not including, a limit. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in so many throws. */
  oneIn(sides: number): boolean {
    return this.below(sides) === 0;
  }

  /** One of several things. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("Cannot pick: the list is empty");
    return item;
  }

  /** So many things, each made anew. */
  times<Item>(count: number, make: () => Item): readonly Item[] {
    return Array.from({ length: count }, make);
  }

  /** One of the texts, or now and then what a maker gives. */
  pickOr(texts: readonly string[], make: () => string): string {
    return this.oneIn(4) ? make() : this.pick(texts);
  }
}

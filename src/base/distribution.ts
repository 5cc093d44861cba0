/** How many values were at most so large, their sum and their number, as a histogram of Prometheus is read. */
export interface DistributionFigures {
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** Sorts values into a fixed set of buckets; it grows by nothing but its numbers. */
export class Distribution {
  readonly #limits: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** Takes the upper bounds of its buckets, in rising order; what is above the last counts in the sum alone. */
  constructor(limits: readonly number[]) {
    this.#limits = limits;
    this.#counts = limits.map(() => 0);
  }

  /** Adds a value. */
  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    for (let at = this.#limits.length - 1; at >= 0 && value <= (this.#limits[at] ?? 0); at--) {
      this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    }
  }

  /** Reads it: buckets are cumulative, so the widest counts most. */
  figures(): DistributionFigures {
    const buckets = this.#limits.map((atMost, at) => ({ atMost, count: this.#counts[at] ?? 0 }));
    return { buckets, sum: this.#sum, count: this.#count };
  }
}

/**
 * Adds up two readings of the same buckets.
 *
 * @param left one
 * @param right the other
 * @returns the figures of all values
 */
export function addFigures(
  left: DistributionFigures,
  right: DistributionFigures,
): DistributionFigures {
  const buckets = left.buckets.map(({ atMost, count }, at) => {
    return { atMost, count: count + (right.buckets[at]?.count ?? 0) };
  });
  return { buckets, sum: left.sum + right.sum, count: left.count + right.count };
}

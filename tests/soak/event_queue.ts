interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Things to do at moments of a simulated clock, in their order; a heap, since days hold hundreds of thousands. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #order = 0;

  /** Moments that are still to come. */
  get size(): number {
    return this.#heap.length;
  }

  /** Plans something. */
  at(atMs: number, run: () => void): void {
    const event = { atMs, order: this.#order++, run };
    let index = this.#heap.length;
    this.#heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = event;
  }

  /** Takes the next one out; undefined when there is none. */
  take(): Event | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || this.#heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [this.#heap[left], this.#heap[left + 1]];
      if (one === undefined) break;
      const isOther = other !== undefined && isBefore(other, one);
      const child = isOther ? other : one;
      if (isBefore(last, child)) break;
      this.#heap[index] = child;
      index = isOther ? left + 1 : left;
    }
    this.#heap[index] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

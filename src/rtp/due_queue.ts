interface Entry<Item> {
  readonly item: Item;
  readonly dueMs: number;
  /** Which came first of those due at the same time. */
  readonly order: number;
}

/** Things that wait for their time: the earliest first, of equals the one that came first (a binary heap). */
export class DueQueue<Item> {
  #heap: Entry<Item>[] = [];
  #nextOrder = 0;

  /** Number of waiting things. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the first is due; undefined when nothing waits. */
  get firstDueMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /** Adds a thing. */
  put(item: Item, dueMs: number): void {
    this.#heap.push({ item, dueMs, order: this.#nextOrder++ });
    this.#rise(this.#heap.length - 1);
  }

  /** Takes the first, due or not. */
  take(): Item | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  /** Takes out all that fit, wherever they stand. */
  remove(isUnwanted: (item: Item) => boolean): readonly Item[] {
    const removed = this.#heap.filter(({ item }) => isUnwanted(item)).map(({ item }) => item);
    if (removed.length === 0) return removed;
    // A sorted list is a heap.
    this.#heap = this.#heap.filter(({ item }) => !isUnwanted(item)).sort(compare);
    return removed;
  }

  #rise(from: number): void {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0; index < this.#heap.length;) {
      const left = 2 * index + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #isEarlier(index: number, other: number): boolean {
    const entry = this.#heap[index];
    const against = this.#heap[other];
    return entry !== undefined && against !== undefined && compare(entry, against) < 0;
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const rising = this.#heap[lower];
    const falling = this.#heap[upper];
    if (rising === undefined || falling === undefined || compare(rising, falling) >= 0) {
      return false;
    }
    this.#heap[upper] = rising;
    this.#heap[lower] = falling;
    return true;
  }
}

function compare<Item>(left: Entry<Item>, right: Entry<Item>): number {
  return left.dueMs - right.dueMs || left.order - right.order;
}

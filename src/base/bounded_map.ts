/** How a {@linkcode BoundedMap} is limited. */
export interface BoundedMapLimits {
  /** Entries at most; one more throws the least recently set one out. */
  readonly maxEntries: number;
  /** Life of an entry after its last `set`, in milliseconds. */
  readonly lifetimeMs: number;
}

interface Entry<Key, Value> {
  readonly key: Key;
  /** Undefined once the entry is out of the map, so that what still stands in the queue holds nothing alive. */
  value: Value | undefined;
  readonly expiresAtMs: number;
}

/** The queue is cut when its used-up head is so long, so that cutting costs next to nothing an entry. */
const MIN_CUT_LENGTH = 1024;

/**
 * A map that can neither grow over its bound nor keep an entry over its lifetime; the oldest entry goes first.
 *
 * Time is given by the caller, so that it runs on any clock. All calls cost O(1) in the mean, `expire` O(expired). The
 * age stands in a queue of its own: looking for a JavaScript map's first entry walks over all that were deleted before.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Key, Value>>();
  readonly #limits: BoundedMapLimits;
  /** Entries in the order of their setting; one that was deleted or set again stands there in vain. */
  #queue: Entry<Key, Value>[] = [];
  #head = 0;

  constructor(limits: BoundedMapLimits) {
    this.#limits = limits;
  }

  /** Number of entries held, expired ones not yet swept included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Gives the value of a key, or undefined when there is none or it has expired. */
  get(key: Key, nowMs: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || entry.expiresAtMs <= nowMs ? undefined : entry.value;
  }

  /** Sets a value and makes its key the youngest. */
  set(key: Key, entry: { readonly value: Value; readonly nowMs: number }): void {
    if (!this.#entries.has(key) && this.#entries.size >= this.#limits.maxEntries) {
      this.#dropOldest();
    }
    const expiresAtMs = entry.nowMs + this.#limits.lifetimeMs;
    const queued: Entry<Key, Value> = { key, value: entry.value, expiresAtMs };
    const replaced = this.#entries.get(key);
    if (replaced !== undefined) replaced.value = undefined;
    this.#entries.set(key, queued);
    this.#queue.push(queued);
    this.#cut();
  }

  /** Takes a key out. */
  delete(key: Key): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    entry.value = undefined;
    return this.#entries.delete(key);
  }

  /** Sweeps what has expired; the oldest stand first, so it stops at the first living one. */
  expire(nowMs: number): number {
    let swept = 0;
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      if (oldest.expiresAtMs > nowMs) break;
      this.#entries.delete(oldest.key);
      swept++;
    }
    this.#cut();
    return swept;
  }

  #dropOldest(): void {
    const oldest = this.#oldest();
    if (oldest !== undefined) this.#entries.delete(oldest.key);
  }

  /** The oldest entry still in the map; what stands before it in the queue is passed for good. */
  #oldest(): Entry<Key, Value> | undefined {
    while (this.#head < this.#queue.length) {
      const entry = this.#queue[this.#head];
      if (entry !== undefined && this.#entries.get(entry.key) === entry) return entry;
      this.#head++;
    }
    return undefined;
  }

  /** Keeps the queue no longer than about twice the map, whether its entries were passed, deleted or set again. */
  #cut(): void {
    if (this.#queue.length < MIN_CUT_LENGTH || this.#queue.length < 2 * this.#entries.size) return;
    this.#queue = this.#queue.filter((entry) => this.#entries.get(entry.key) === entry);
    this.#head = 0;
  }
}

/** How a {@linkcode BoundedMap} is limited. */
export interface BoundedMapLimits {
  /** Entries at most; one more throws the least recently set one out. */
  readonly maxEntries: number;
  /** Life of an entry after its last `set`, in milliseconds. */
  readonly lifetimeMs: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly expiresAtMs: number;
}

/**
 * A map that can neither grow over its bound nor keep an entry over its lifetime; the oldest entry goes first.
 *
 * Time is given by the caller, so that it runs on any clock. All calls cost O(1), `expire` O(expired).
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #limits: BoundedMapLimits;

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
    this.#entries.delete(key);
    if (this.#entries.size >= this.#limits.maxEntries) this.#dropOldest();
    const expiresAtMs = entry.nowMs + this.#limits.lifetimeMs;
    this.#entries.set(key, { value: entry.value, expiresAtMs });
  }

  /** Takes a key out. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** Sweeps what has expired; the oldest stand first, so it stops at the first living one. */
  expire(nowMs: number): number {
    let swept = 0;
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAtMs > nowMs) break;
      this.#entries.delete(key);
      swept++;
    }
    return swept;
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

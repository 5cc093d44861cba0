/** Octets that may wait on all connections together: 64 peers that stopped reading at once. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** What all write queues together may hold, so that many slow readers cannot fill the heap. */
export class WriteBudget {
  #usedBytes = 0;

  /** Octets in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Takes room for a message, or says that there is none. */
  take(lengthBytes: number): boolean {
    if (this.#usedBytes + lengthBytes > MAX_WAITING_BYTES) return false;
    this.#usedBytes += lengthBytes;
    return true;
  }

  /** Gives room back. */
  give(lengthBytes: number): void {
    this.#usedBytes -= lengthBytes;
  }
}

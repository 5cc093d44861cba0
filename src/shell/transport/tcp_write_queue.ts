import type { Hop } from "../../proxy/hop.ts";
import type { WriteBudget } from "./write_budget.ts";

/** Octets that wait for one peer: a thousand phones that register at once. One that lets more pile up does not read. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/** Octets of one write: messages that wait go together, since each write costs a turn of the event loop. */
const MAX_BATCH_BYTES = 64 * 1024;

/** RFC 5626 §3.5.1: the answer to a ping, and the keep-alive of siproxd. */
const CRLF: Uint8Array = new Uint8Array([0x0d, 0x0a]);

/** A message on its way to a peer, kept with its hop so that a failure can be reported. */
export interface Parcel {
  readonly data: Uint8Array;
  readonly hop: Hop;
}

/** What one write takes from the front of a queue. */
export interface Batch {
  readonly data: Uint8Array;
  /** Entries in it. */
  readonly count: number;
}

/** What waits to be written to one peer, in order and within the bounds. */
export class TcpWriteQueue {
  readonly #entries: (Parcel | "crlf")[] = [];
  readonly #budget: WriteBudget;
  #lengthBytes = 0;

  constructor(budget: WriteBudget) {
    this.#budget = budget;
  }

  /** Octets of all messages. */
  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Takes a message; `overflow` when its peer has let too much pile up, `refused` when all peers together have. */
  add(parcel: Parcel): "taken" | "overflow" | "refused" {
    const lengthBytes = parcel.data.length;
    if (this.#lengthBytes + lengthBytes > MAX_QUEUED_BYTES) return "overflow";
    if (!this.#budget.take(lengthBytes)) return "refused";
    this.#lengthBytes += lengthBytes;
    this.#entries.push(parcel);
    return "taken";
  }

  /** Takes a keep-alive; where something waits anyway none is needed. */
  addKeepAlive(): void {
    if (this.isEmpty) this.#entries.push("crlf");
  }

  /** Gives what the next write takes; it stays in the queue until it is written. */
  batch(): Batch | undefined {
    const parts: Uint8Array[] = [];
    let lengthBytes = 0;
    for (const entry of this.#entries) {
      const data = entry === "crlf" ? CRLF : entry.data;
      if (parts.length > 0 && lengthBytes + data.length > MAX_BATCH_BYTES) break;
      parts.push(data);
      lengthBytes += data.length;
    }
    const [first] = parts;
    if (first === undefined) return undefined;
    return { data: parts.length === 1 ? first : join(parts, lengthBytes), count: parts.length };
  }

  /** Forgets what was written. */
  written(batch: Batch): void {
    this.#release(this.#entries.splice(0, batch.count));
  }

  /** Empties the queue and gives the messages that were in it. */
  clear(): readonly Parcel[] {
    const entries = this.#entries.splice(0);
    this.#release(entries);
    return entries.filter((entry) => entry !== "crlf");
  }

  #release(entries: readonly (Parcel | "crlf")[]): void {
    let lengthBytes = 0;
    for (const entry of entries) lengthBytes += entry === "crlf" ? 0 : entry.data.length;
    this.#lengthBytes -= lengthBytes;
    this.#budget.give(lengthBytes);
  }
}

function join(parts: readonly Uint8Array[], lengthBytes: number): Uint8Array {
  const joined = new Uint8Array(lengthBytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

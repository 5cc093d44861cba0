import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import type { ListenPoint } from "../proxy/input.ts";
import type { Hop } from "../proxy/hop.ts";
import { type StreamEvent, StreamFramer } from "../sip/stream_framer.ts";
import type { WriteBudget } from "./write_budget.ts";

/** One read: a long INVITE with its headers; a thousand silent connections hold four megabytes of it. */
const READ_BUFFER_BYTES = 4096;

/** Octets that wait for one peer: a thousand phones that register at once. One that lets more pile up does not read. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/**
 * From here on nothing more is read from a peer until it has taken what it already caused; far more than the system's
 * own buffers, so that a peer that waits for us and we for it is no case of everyday life.
 */
const PAUSE_READING_BYTES = 256 * 1024;

/** Octets of one write: messages that wait go together, since each write costs a turn of the event loop. */
const MAX_BATCH_BYTES = 64 * 1024;

/** How long a write may make no progress: TCP's own repetitions get through a bad link in less. */
const STALLED_WRITE_MS = 10_000;

/** How long one message may take to arrive whole: a slow link needs a second for the longest (R15). */
const PARTIAL_MESSAGE_MS = 10_000;

/** RFC 5626 §3.5.1: the answer to a ping, and the keep-alive of siproxd. */
const CRLF: Uint8Array = new Uint8Array([0x0d, 0x0a]);

/** What is used of the runtime's connection; tests give others. */
export type TcpStream = Pick<
  Deno.TcpConn,
  "read" | "write" | "close" | "localAddr" | "remoteAddr" | "setNoDelay" | "setKeepAlive"
>;

/** Why a connection ended, in our own words. */
export type CloseReason =
  | "peer-closed"
  | "idle"
  | "partial-message"
  | "slow-reader"
  | "not-sip"
  | "framing"
  | "evicted"
  | "address-gone"
  | "shutdown";

/** A message on its way to a peer, kept with its hop so that a failure can be reported. */
export interface Parcel {
  readonly data: Uint8Array;
  readonly hop: Hop;
}

/** What the owner wants to hear. */
export interface ConnectionEvents {
  readonly onMessage: (data: Uint8Array, connection: TcpConnection) => void;
  /** It is closed; these parcels were not written whole. */
  readonly onClosed: (
    connection: TcpConnection,
    end: { readonly reason: CloseReason; readonly unsent: readonly Parcel[] },
  ) => void;
}

/** What a connection is made of. */
export interface ConnectionParts {
  readonly id: number;
  readonly stream: TcpStream;
  readonly peer: SocketAddress;
  readonly listenPoint: ListenPoint;
  readonly now: () => number;
  readonly budget: WriteBudget;
  readonly events: ConnectionEvents;
}

/** One SIP connection: cuts what comes into messages, writes what goes in order, and knows how long it has been idle. */
export class TcpConnection {
  readonly id: number;
  readonly peer: SocketAddress;
  readonly listenPoint: ListenPoint;
  /** Own address of the connection; that of a dialled one is the system's choice. */
  readonly localAddress: IpAddress | undefined;
  readonly #parts: ConnectionParts;
  readonly #framer = new StreamFramer();
  readonly #queue: (Parcel | "crlf")[] = [];
  #queuedBytes = 0;
  #isWriting = false;
  #state: "open" | "finishing" | "closed" = "open";
  #finishReason: CloseReason = "peer-closed";
  #hasSpoken = false;
  #lastMessageMs: number;
  #lastWriteMs: number;
  #partialSinceMs: number | undefined;
  #resumeReading: (() => void) | undefined;

  constructor(parts: ConnectionParts) {
    this.id = parts.id;
    this.peer = parts.peer;
    this.listenPoint = parts.listenPoint;
    this.localAddress = parseIpAddress(parts.stream.localAddr.hostname);
    this.#parts = parts;
    this.#lastMessageMs = parts.now();
    this.#lastWriteMs = this.#lastMessageMs;
    this.#read();
  }

  /** Whether it takes messages. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether a whole SIP message ever came from there. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** When the last SIP message went either way; keep-alives do not count. */
  get lastMessageMs(): number {
    return this.#lastMessageMs;
  }

  /** Octets that wait to be written. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Queues a message; a peer that does not read loses its connection. */
  send(parcel: Parcel): "taken" | "refused" {
    if (this.#state === "closed") return "refused";
    if (this.#queuedBytes + parcel.data.length > MAX_QUEUED_BYTES) {
      this.close("slow-reader");
      return "refused";
    }
    if (!this.#parts.budget.take(parcel.data.length)) return "refused";
    this.#lastMessageMs = this.#parts.now();
    this.#enqueue(parcel);
    return "taken";
  }

  /** Sends the keep-alive, unless something waits to be written anyway. */
  keepAlive(periodMs: number): void {
    const isDue = this.#parts.now() - this.#lastWriteMs >= periodMs;
    if (isDue && this.#queue.length === 0 && this.isOpen) this.#enqueue("crlf");
  }

  /** Begins a new idle period: somebody is reached over it, even if he is silent. */
  excuseIdle(): void {
    this.#lastMessageMs = this.#parts.now();
  }

  /** Gives the reason to close it at this moment, its idle time aside. */
  overdue(): CloseReason | undefined {
    const nowMs = this.#parts.now();
    if (this.#isWriting && nowMs - this.#lastWriteMs >= STALLED_WRITE_MS) return "slow-reader";
    const sinceMs = this.#partialSinceMs;
    const isPartial = sinceMs !== undefined && nowMs - sinceMs >= PARTIAL_MESSAGE_MS;
    return isPartial ? "partial-message" : undefined;
  }

  /** Closes it at once. */
  close(reason: CloseReason): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    const unsent = this.#queue.filter((entry) => entry !== "crlf");
    this.#queue.length = 0;
    this.#parts.budget.give(this.#queuedBytes);
    this.#queuedBytes = 0;
    this.#resumeReading?.();
    closeQuietly(this.#parts.stream);
    this.#parts.events.onClosed(this, { reason, unsent });
  }

  /** Closes it after what is queued. */
  #finish(reason: CloseReason): void {
    if (this.#queue.length === 0) return this.close(reason);
    this.#state = "finishing";
    this.#finishReason = reason;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    try {
      while (this.isOpen) {
        const length = await this.#parts.stream.read(buffer);
        if (length === null) break;
        this.#take(buffer.subarray(0, length));
        if (this.#queuedBytes > PAUSE_READING_BYTES) await this.#drained();
      }
    } catch {
      return this.close("peer-closed");
    }
    if (this.isOpen) this.#finish("peer-closed");
  }

  #take(bytes: Uint8Array): void {
    const events = this.#framer.push(bytes);
    this.#watchPartial(events);
    for (const event of events) {
      if (!this.isOpen) return;
      this.#handle(event);
    }
  }

  /** The time of a message runs from its first octet, however it trickles in. */
  #watchPartial(events: readonly StreamEvent[]): void {
    if (this.#framer.pendingBytes === 0) this.#partialSinceMs = undefined;
    else if (this.#partialSinceMs === undefined || events.some(isMessage)) {
      this.#partialSinceMs = this.#parts.now();
    }
  }

  #handle(event: StreamEvent): void {
    switch (event.kind) {
      case "message":
        this.#hasSpoken = true;
        this.#lastMessageMs = this.#parts.now();
        this.#parts.events.onMessage(event.data, this);
        return;
      case "ping":
        if (this.#queue.length === 0) this.#enqueue("crlf");
        return;
      case "pong":
        return;
      case "error":
        if (event.data === undefined) return this.close("not-sip");
        this.#parts.events.onMessage(event.data, this);
        return this.#finish("framing");
    }
  }

  #enqueue(entry: Parcel | "crlf"): void {
    this.#queue.push(entry);
    this.#queuedBytes += parcelBytes(entry);
    if (!this.#isWriting) this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    this.#lastWriteMs = this.#parts.now();
    try {
      for (let batch = takeBatch(this.#queue); batch.count > 0; batch = takeBatch(this.#queue)) {
        await this.#writeWhole(batch.data);
        if (this.#state === "closed") return;
        this.#written(this.#queue.splice(0, batch.count));
      }
    } catch {
      return this.close("peer-closed");
    } finally {
      this.#isWriting = false;
    }
    if (this.#state === "finishing") this.close(this.#finishReason);
  }

  async #writeWhole(data: Uint8Array): Promise<void> {
    let done = 0;
    while (done < data.length && this.#state !== "closed") {
      done += await this.#parts.stream.write(done === 0 ? data : data.subarray(done));
      this.#lastWriteMs = this.#parts.now();
    }
  }

  #written(entries: readonly (Parcel | "crlf")[]): void {
    const lengthBytes = entries.reduce((sum, entry) => sum + parcelBytes(entry), 0);
    this.#queuedBytes -= lengthBytes;
    this.#parts.budget.give(lengthBytes);
    if (this.#queuedBytes <= PAUSE_READING_BYTES) this.#resumeReading?.();
  }

  #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resumeReading = resolve;
    return promise;
  }
}

/** What counts against the bounds; keep-alives are sent into empty queues only. */
function parcelBytes(entry: Parcel | "crlf"): number {
  return entry === "crlf" ? 0 : entry.data.length;
}

/** Puts what stands first in a queue together for one write; the queue stays as it is. */
function takeBatch(
  queue: readonly (Parcel | "crlf")[],
): { readonly data: Uint8Array; readonly count: number } {
  const parts: Uint8Array[] = [];
  let lengthBytes = 0;
  for (const entry of queue) {
    const data = entry === "crlf" ? CRLF : entry.data;
    if (parts.length > 0 && lengthBytes + data.length > MAX_BATCH_BYTES) break;
    parts.push(data);
    lengthBytes += data.length;
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return { data: only, count: 1 };
  const joined = new Uint8Array(lengthBytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return { data: joined, count: parts.length };
}

function isMessage(event: StreamEvent): boolean {
  return event.kind === "message";
}

/** A connection that the runtime has closed already throws. */
function closeQuietly(stream: TcpStream): void {
  try {
    stream.close();
  } catch {
    return;
  }
}

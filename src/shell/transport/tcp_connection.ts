import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import type { ListenPoint } from "../../proxy/input.ts";
import { type StreamEvent, StreamFramer } from "../../sip/stream_framer.ts";
import { type Parcel, TcpWriteQueue } from "./tcp_write_queue.ts";
import type { WriteBudget } from "./write_budget.ts";

/** One read: a long INVITE with its headers; a thousand silent connections hold four megabytes of it. */
const READ_BUFFER_BYTES = 4096;

/**
 * From here on nothing more is read from a peer until it has taken what it already caused; far more than the system's
 * own buffers, so that a peer that waits for us and we for it is no case of everyday life.
 */
const PAUSE_READING_BYTES = 256 * 1024;

/** How long a write may make no progress: TCP's own repetitions get through a bad link in less. */
const STALLED_WRITE_MS = 10_000;

/** How long one message may take to arrive whole: a slow link needs a second for the longest (R15). */
const PARTIAL_MESSAGE_MS = 10_000;

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
  /** Whether keep-alives may be written now: with `wan_peers = known` a stranger gets not an octet. */
  readonly answersPings?: () => boolean;
  /** How long what was read is to wait before it is looked at, in milliseconds; 0 is not at all. */
  readonly restMs?: () => number;
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
  readonly #queue: TcpWriteQueue;
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
    this.#queue = new TcpWriteQueue(parts.budget);
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

  /** Queues a message; a peer that does not read loses its connection. */
  send(parcel: Parcel): "taken" | "refused" {
    if (this.#state === "closed") return "refused";
    const outcome = this.#queue.add(parcel);
    if (outcome === "overflow") this.close("slow-reader");
    if (outcome !== "taken") return "refused";
    this.#lastMessageMs = this.#parts.now();
    this.#write();
    return "taken";
  }

  /** Sends the keep-alive, unless something waits to be written anyway. */
  keepAlive(periodMs: number): void {
    const isDue = this.#parts.now() - this.#lastWriteMs >= periodMs;
    if (isDue && this.isOpen) this.#ping();
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
    const unsent = this.#queue.clear();
    this.#resumeReading?.();
    closeQuietly(this.#parts.stream);
    this.#parts.events.onClosed(this, { reason, unsent });
  }

  /** Closes it after what is queued. */
  #finish(reason: CloseReason): void {
    if (this.#queue.isEmpty) return this.close(reason);
    this.#state = "finishing";
    this.#finishReason = reason;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    try {
      while (this.isOpen) {
        const length = await this.#parts.stream.read(buffer);
        if (length === null) break;
        await this.#rest();
        this.#take(buffer.subarray(0, length));
        if (this.#queue.lengthBytes > PAUSE_READING_BYTES) await this.#drained();
      }
    } catch {
      return this.close("peer-closed");
    }
    if (this.isOpen) this.#finish("peer-closed");
  }

  /** Who says more than his share is read more slowly; it is asked anew each time, since all wake at once. */
  async #rest(): Promise<void> {
    const { restMs } = this.#parts;
    for (let ms = restMs?.() ?? 0; ms > 0 && this.isOpen; ms = restMs?.() ?? 0) {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
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
        return this.#ping();
      case "pong":
        return;
      case "error":
        if (event.data === undefined) return this.close("not-sip");
        this.#parts.events.onMessage(event.data, this);
        return this.#finish("framing");
    }
  }

  #ping(): void {
    if (this.#parts.answersPings?.() === false) return;
    this.#queue.addKeepAlive();
    this.#write();
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#lastWriteMs = this.#parts.now();
    try {
      for (let batch = this.#queue.batch(); batch !== undefined; batch = this.#queue.batch()) {
        await this.#writeWhole(batch.data);
        if (this.#state === "closed") return;
        this.#queue.written(batch);
        if (this.#queue.lengthBytes <= PAUSE_READING_BYTES) this.#resumeReading?.();
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

  #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resumeReading = resolve;
    return promise;
  }
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

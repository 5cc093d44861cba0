import { type DejitterArrival, dueTimeMs } from "../../rtp/dejitter.ts";
import { DueQueue } from "../../rtp/due_queue.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";

/** Most packets that wait, as in siproxd: 68 calls both ways at the longest delay, 5000 at 20 ms. */
const MAX_QUEUED_PACKETS = 10_240;

/** Most bytes that wait; telephone audio fills the other limit first, video and floods this one. */
const MAX_QUEUED_BYTES: number = 8 * 1024 * 1024;

/** The system's timers count whole milliseconds: what is due within half of one goes now. */
const TOLERANCE_MS = 0.5;

/** Shortest timer. */
const MIN_TIMER_MS = 1;

/** Time as the queue needs it. */
export interface SendQueueClock {
  /** Monotonic milliseconds, those of the arrivals. */
  readonly nowMs: () => number;
  /** Runs something later, unless the function it gives is called before. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

const SYSTEM_CLOCK: SendQueueClock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A packet on hold. */
interface HeldPacket {
  readonly end: RelayEnd;
  readonly packet: Uint8Array;
}

/**
 * Copies of the packets that a dejitter holds back, for all streams of the isolate, and the one timer that sends them.
 *
 * Full, it sends its earliest packet at once: a flood costs the even pace, but no packet and not the order.
 */
export class SendQueue {
  readonly #counters: { sendErrors: number };
  readonly #clock: SendQueueClock;
  readonly #held = new DueQueue<HeldPacket>();
  #bytes = 0;
  #state: "idle" | "sending" | "closed" = "idle";
  #cancelTimer: () => void = () => {};
  #timerDueMs = Infinity;

  /**
   * @param counters counts the sends that the system refuses
   * @param clock the system's time unless a test has its own
   */
  constructor(counters: { sendErrors: number }, clock: SendQueueClock = SYSTEM_CLOCK) {
    this.#counters = counters;
    this.#clock = clock;
  }

  /** Number and bytes of the packets that wait. */
  get load(): { readonly packets: number; readonly bytes: number } {
    return { packets: this.#held.size, bytes: this.#bytes };
  }

  /** Copies an RTP packet of an end that has a dejitter and sends it on in time. */
  put(end: RelayEnd, arrival: DejitterArrival): void {
    if (end.dejitter === undefined || this.#isClosed()) return;
    const dueMs = dueTimeMs(end.dejitter, arrival);
    this.#held.put({ end, packet: arrival.packet.slice() }, dueMs);
    this.#bytes += arrival.packet.length;
    while (this.#held.size > MAX_QUEUED_PACKETS || this.#bytes > MAX_QUEUED_BYTES) {
      const earliest = this.#take();
      if (earliest === undefined) break;
      this.#send(earliest);
    }
    if (this.#state === "idle") this.#arm();
  }

  /** Forgets the packets of a stream that has ended. */
  drop(streamId: number): void {
    for (const { packet } of this.#held.remove(({ end }) => end.streamId === streamId)) {
      this.#bytes -= packet.length;
    }
    if (this.#state === "idle") this.#arm();
  }

  /** Forgets all packets and takes no more. */
  close(): void {
    this.#state = "closed";
    this.#cancelTimer();
    this.#held.remove(() => true);
    this.#bytes = 0;
  }

  #isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Sets the timer for the first packet, if it is not set for it already. */
  #arm(): void {
    const dueMs = this.#held.firstDueMs ?? Infinity;
    if (dueMs === this.#timerDueMs) return;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#timerDueMs = dueMs;
    if (dueMs === Infinity) return;
    const waitMs = Math.max(Math.round(dueMs - this.#clock.nowMs()), MIN_TIMER_MS);
    this.#cancelTimer = this.#clock.after(waitMs, () => this.#sendDue());
  }

  async #sendDue(): Promise<void> {
    this.#timerDueMs = Infinity;
    this.#state = "sending";
    while ((this.#held.firstDueMs ?? Infinity) <= this.#clock.nowMs() + TOLERANCE_MS) {
      const held = this.#take();
      if (held !== undefined) await this.#send(held);
      if (this.#isClosed()) return;
    }
    this.#state = "idle";
    this.#arm();
  }

  #take(): HeldPacket | undefined {
    const held = this.#held.take();
    this.#bytes -= held?.packet.length ?? 0;
    return held;
  }

  /** Where it goes is looked up now: a party that was put on hold meanwhile, or that has moved, is heeded. */
  async #send({ end, packet }: HeldPacket): Promise<void> {
    const { outlet } = end;
    const target = outlet?.target;
    if (outlet === undefined || target === undefined) return;
    try {
      await outlet.socket.send(packet, target);
    } catch {
      this.#counters.sendErrors++;
    }
  }
}

import {
  type Arrival,
  createArrival,
  decideRelay,
  MAX_PACKET_BYTES,
} from "../../rtp/relay_decision.ts";
import type { MediaSocket, RelayEnd } from "../../rtp/relay_end.ts";
import { PACKET_RTP } from "../../rtp/rtp_header.ts";
import { DROP_SOURCE, LEARN_AND_FORWARD } from "../../rtp/verdict.ts";

/** One byte more than is relayed, so that a longer datagram is noticed: the system cuts it silently. */
const BUFFER_BYTES: number = MAX_PACKET_BYTES + 1;

/** Failures in a row after which a socket is given up: a passing lack of memory is over before. */
const MAX_ERRORS_IN_A_ROW = 16;

/** Pause after a failure, so that a broken socket can't keep the isolate busy. */
const RETRY_MS = 20;

/** Period of the signs of life: that of the supervisor's question. */
const SIGN_MS = 1000;

/** What a port needs of its socket; `Deno.DatagramConn` fits. */
export interface PortSocket extends MediaSocket {
  receive(buffer: Uint8Array): Promise<[Uint8Array, Deno.Addr]>;
  close(): void;
}

/** What the ports of an isolate share: counters, a due time, and who is told what. */
export interface MediaPortEvents {
  /** Sends the system refused (EPERM of a firewall, no route …). */
  sendErrors: number;
  /** Packets to ports of no stream. */
  idlePackets: number;
  /** When the next sign of life is due. */
  nextSignMs: number;
  /** Packets are read: under a flood the supervisor's question waits for seconds, but nothing hangs. */
  readonly onSign: () => void;
  /** A source was locked. */
  readonly onLock: (end: RelayEnd) => void;
  /** A packet is to go on later, by the end's dejitter; its buffer is used again after the call. */
  readonly onDelay: (end: RelayEnd, arrival: Arrival) => void;
  /** Somebody else than the peer, whose packets the kernel relays, sends to its port. */
  readonly onStranger: (end: RelayEnd) => void;
  /** A socket is beyond repair. */
  readonly onFailed: (port: MediaPort, reason: string) => void;
}

/**
 * One bound UDP socket with its packet loop. It reads from the moment it is bound: what came before a call is thrown
 * away at once and can't be taken for the call's first packet.
 */
export class MediaPort {
  /** For the packets of the other leg, which leave from here. */
  readonly socket: PortSocket;
  readonly #events: MediaPortEvents;
  #end: RelayEnd | undefined = undefined;
  #state: "open" | "closed" = "open";

  constructor(socket: PortSocket, events: MediaPortEvents) {
    this.socket = socket;
    this.#events = events;
    this.#run();
  }

  /** Gives the port to a stream's end, or takes it back. */
  serve(end: RelayEnd | undefined): void {
    this.#end = end;
  }

  /** Closes the socket; its loop ends. */
  close(): void {
    if (this.#isClosed()) return;
    this.#state = "closed";
    this.#end = undefined;
    this.socket.close();
  }

  #isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Keeps the loop going over failures of the socket; one bad packet never ends a call (R16). */
  async #run(): Promise<void> {
    const run = { buffer: new Uint8Array(BUFFER_BYTES), errorsInARow: 0 };
    while (!this.#isClosed()) {
      try {
        await this.#relay(run);
      } catch (error) {
        if (this.#isClosed()) return;
        if (++run.errorsInARow >= MAX_ERRORS_IN_A_ROW) {
          this.#events.onFailed(this, String(error));
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /**
   * The packet loop. It turns thousands of times a second, hence one buffer, one arrival object and no closure
   * made. Only where a dejitter is wanted is a packet copied, and queued between decision and send.
   */
  async #relay(run: { readonly buffer: Uint8Array; errorsInARow: number }): Promise<void> {
    const { socket } = this;
    const events = this.#events;
    const { buffer } = run;
    const arrival = createArrival();
    while (true) {
      const received = await socket.receive(buffer);
      const source = received[1];
      const end = this.#end;
      arrival.nowMs = performance.now();
      if (arrival.nowMs >= events.nextSignMs) {
        events.nextSignMs = arrival.nowMs + SIGN_MS;
        events.onSign();
      }
      if (end === undefined || source.transport !== "udp") {
        events.idlePackets++;
        continue;
      }
      arrival.packet = received[0];
      arrival.hostname = source.hostname;
      arrival.port = source.port;
      const verdict = decideRelay(end, arrival);
      if (verdict <= LEARN_AND_FORWARD) {
        const outlet = end.outlet;
        const target = outlet?.target;
        if (end.dejitter !== undefined && arrival.kind === PACKET_RTP) {
          events.onDelay(end, arrival);
        } else if (outlet !== undefined && target !== undefined) {
          // Awaited: the system may take the packet later, and the next receive would overwrite the buffer under it.
          try {
            await outlet.socket.send(received[0], target);
          } catch {
            events.sendErrors++;
          }
        }
        if (verdict === LEARN_AND_FORWARD) events.onLock(end);
      } else if (end.inKernel && verdict === DROP_SOURCE) events.onStranger(end);
      run.errorsInARow = 0;
    }
  }
}

import { type MediaShare, portWorker, WHOLE_SHARE } from "./media_share.ts";

/** Even RTP ports of one own address and how to choose among them. */
export interface PortPoolInit {
  /** rtp_port_low … rtp_port_high, both ends included; only even ports are used (RFC 3550 §11). */
  readonly low: number;
  readonly high: number;
  /** Uniform in [0, 1), unpredictable: a guessed port is half of an injection. */
  readonly random: () => number;
  /** Whose ports these are where several isolates divide the range; the whole range when left out. */
  readonly share?: MediaShare;
}

/**
 * The free RTP ports of one own address, least recently used first.
 *
 * The choice is random among the older half of the free ports, so that neither the next port can be told nor a late
 * packet of the last call meets the next one; but no port is ever refused for lack of rest (decisions, "ports").
 */
export class PortPool {
  readonly #random: () => number;
  readonly #free: number[] = [];
  readonly #taken = new Set<number>();

  constructor(init: PortPoolInit) {
    this.#random = init.random;
    const low = init.low + (init.low % 2);
    const { worker, workers } = init.share ?? WHOLE_SHARE;
    for (let port = low; port <= init.high && port < 65535; port += 2) {
      if (portWorker(port, workers) === worker) this.#free.push(port);
    }
    this.#shuffle();
  }

  /** Number of ports that can be taken. */
  get size(): number {
    return this.#free.length;
  }

  /** Takes a free even port, or undefined when none is left. */
  take(): number | undefined {
    const older = Math.ceil(this.#free.length / 2);
    const [port] = this.#free.splice(Math.floor(this.#random() * older), 1);
    if (port !== undefined) this.#taken.add(port);
    return port;
  }

  /** Puts a port back as the most recently used one; a port that was not taken from here is ignored. */
  putBack(port: number): void {
    if (this.#taken.delete(port)) this.#free.push(port);
  }

  /** Notes that a port is taken already, by a call that outlived a change of the range. */
  adopt(port: number): void {
    const index = this.#free.indexOf(port);
    if (index < 0) return;
    this.#free.splice(index, 1);
    this.#taken.add(port);
  }

  /** Whether a port was taken from here and not yet put back. */
  hasTaken(port: number): boolean {
    return this.#taken.has(port);
  }

  /** Without it the first calls after a start would use the range from its low end (Fisher and Yates). */
  #shuffle(): void {
    const ports = this.#free;
    for (let last = ports.length - 1; last > 0; last--) {
      const pick = Math.floor(this.#random() * (last + 1));
      const port = ports[last] ?? 0;
      ports[last] = ports[pick] ?? 0;
      ports[pick] = port;
    }
  }
}

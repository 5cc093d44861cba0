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

/** Draws of a port that was never used before the next one after the last draw is taken. */
const MAX_DRAWS = 8;

/**
 * The free RTP ports of one own address, least recently used first.
 *
 * The choice is random among the older half of the free ports, so that neither the next port can be told nor a late
 * packet of the last call meets the next one; but no port is ever refused for lack of rest (decisions, "ports").
 *
 * Ports that were never used are counted and not listed: a range of thousands costs a daemon nothing that uses ten.
 */
export class PortPool {
  readonly #random: () => number;
  readonly #first: number;
  readonly #step: number;
  /** By place in the range: 1 once the port was used. */
  readonly #used: Uint8Array;
  #neverUsed: number;
  /** Ports that were used and are free again, in that order. */
  readonly #returned: number[] = [];
  readonly #taken = new Set<number>();

  constructor(init: PortPoolInit) {
    this.#random = init.random;
    const { worker, workers } = init.share ?? WHOLE_SHARE;
    const low = init.low + (init.low % 2);
    const neighbours = (worker - portWorker(low, workers) + workers) % workers;
    this.#first = low + 2 * neighbours;
    this.#step = 2 * workers;
    const last = Math.min(init.high, 65_534);
    this.#neverUsed = Math.max(Math.floor((last - this.#first) / this.#step) + 1, 0);
    this.#used = new Uint8Array(this.#neverUsed);
  }

  /** Number of ports that can be taken. */
  get size(): number {
    return this.#neverUsed + this.#returned.length;
  }

  /** Takes a free even port, or undefined when none is left. */
  take(): number | undefined {
    if (this.size === 0) return undefined;
    const older = Math.ceil(this.size / 2);
    const place = Math.floor(this.#random() * older);
    const [port] = place < this.#neverUsed
      ? [this.#takeNeverUsed()]
      : this.#returned.splice(place - this.#neverUsed, 1);
    if (port !== undefined) this.#taken.add(port);
    return port;
  }

  /** Puts a port back as the most recently used one; a port that was not taken from here is ignored. */
  putBack(port: number): void {
    if (this.#taken.delete(port)) this.#returned.push(port);
  }

  /** Notes that a port is taken already, by a call that outlived a change of the range. */
  adopt(port: number): void {
    const index = (port - this.#first) / this.#step;
    const returned = this.#returned.indexOf(port);
    if (returned >= 0) this.#returned.splice(returned, 1);
    else if (this.#used[index] === 0) this.#use(index);
    else return;
    this.#taken.add(port);
  }

  /** Whether a port was taken from here and not yet put back. */
  hasTaken(port: number): boolean {
    return this.#taken.has(port);
  }

  #takeNeverUsed(): number {
    const ports = this.#used.length;
    let index = Math.floor(this.#random() * ports);
    for (let draw = 1; draw < MAX_DRAWS && this.#used[index] !== 0; draw++) {
      index = Math.floor(this.#random() * ports);
    }
    while (this.#used[index] !== 0) index = (index + 1) % ports;
    return this.#use(index);
  }

  #use(index: number): number {
    this.#used[index] = 1;
    this.#neverUsed--;
    return this.#first + index * this.#step;
  }
}

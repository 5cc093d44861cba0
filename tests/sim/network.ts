import type { Dice } from "../property/dice.ts";

/** A datagram under way. */
export interface Packet {
  /** `address:port` that the receiver sees. */
  readonly from: string;
  readonly to: string;
  readonly data: Uint8Array;
  /** A stream loses nothing and keeps the order; UDP when left out. */
  readonly transport?: "udp" | "tcp";
}

/** How bad the network is. */
export interface Weather {
  /** One packet of so many is lost; 0 for none. */
  readonly lossOneIn: number;
  /** One packet of so many arrives twice; 0 for none. */
  readonly doubleOneIn: number;
  /** Longest time under way: two packets may overtake each other within it. */
  readonly maxDelayMs: number;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Events at most of one history: more would be a loop. */
const MAX_EVENTS = 20_000;

/** How long what goes by a stream is under way: always the same, so that it keeps its order. */
const STREAM_DELAY_MS = 5;

/** A simulated network with its own clock: packets and timers in the order of their time, nothing ever waits. */
export class Network {
  readonly #places = new Map<string, (packet: Packet) => void>();
  /** Outer place of who sits behind a NAT that gave him another one since. */
  readonly #outer = new Map<string, string>();
  readonly #dice: Dice;
  readonly #weather: Weather;
  readonly #events: Event[] = [];
  #order = 0;
  #nowMs = 0;

  constructor(dice: Dice, weather: Weather) {
    this.#dice = dice;
    this.#weather = weather;
  }

  /** Milliseconds since the history began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Says who takes what is sent to a place. */
  attach(place: string, receive: (packet: Packet) => void): void {
    this.#places.set(place, receive);
  }

  /** A NAT forgets a mapping: its host sends from another place, and nothing reaches the old one any more. */
  rebind(place: string, outer: string): void {
    const receive = this.#places.get(place);
    const old = this.#outer.get(place);
    if (old !== undefined) this.#places.delete(old);
    if (receive === undefined) return;
    this.#outer.set(place, outer);
    this.#places.set(outer, receive);
  }

  /** Takes a packet; it may get lost, doubled or overtaken. What is sent to nobody is gone. */
  send(sent: Packet): void {
    const packet = { ...sent, from: this.#outer.get(sent.from) ?? sent.from };
    if (packet.transport === "tcp") {
      this.after(STREAM_DELAY_MS, () => this.#deliver(packet));
      return;
    }
    const { lossOneIn, doubleOneIn, maxDelayMs } = this.#weather;
    if (lossOneIn > 0 && this.#dice.oneIn(lossOneIn)) return;
    const copies = doubleOneIn > 0 && this.#dice.oneIn(doubleOneIn) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.after(1 + this.#dice.below(maxDelayMs), () => this.#deliver(packet));
    }
  }

  #deliver(packet: Packet): void {
    if (!this.#outer.has(packet.to)) this.#places.get(packet.to)?.(packet);
  }

  /** Does something later. */
  after(delayMs: number, run: () => void): void {
    const event = { atMs: this.#nowMs + delayMs, order: this.#order++, run };
    let low = 0, high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle];
      if (other !== undefined && other.atMs > event.atMs) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  /** Lets the clock jump, as after a suspend: what was due meanwhile comes late. */
  jump(byMs: number): void {
    this.#nowMs += byMs;
  }

  /** Runs until nothing is under way any more. */
  run(): void {
    for (let count = 0; count < MAX_EVENTS; count++) {
      const event = this.#events.pop();
      if (event === undefined) return;
      this.#nowMs = Math.max(this.#nowMs, event.atMs);
      event.run();
    }
    throw new Error(`Cannot finish: more than ${MAX_EVENTS} events`);
  }
}

import type { Place } from "./sip_port.ts";

/** RFC 3550 header and 20 ms of G.711. */
const HEADER_BYTES = 12;
const PACKET_BYTES = HEADER_BYTES + 160;
const SAMPLES_PER_PACKET = 160;

/** Longer than any packet of the tests. */
const BUFFER_BYTES = 2048;

/** Sums over all legs, those that are over included. */
export interface RtpCounts {
  sent: number;
  received: number;
  /** Packets that the system did not take. */
  refused: number;
}

/** Starts a sum. */
export function noPackets(): RtpCounts {
  return { sent: 0, received: 0, refused: 0 };
}

/** One phone's media socket of one call: sends when told, counts what comes. */
export class RtpLeg {
  readonly local: Place;
  /** Where to; undefined sends nothing. */
  target: Place | undefined;
  /** Time of the last packet, and the longest silence since the last question. */
  #lastMs = performance.now();
  #longestGapMs = 0;
  received = 0;
  readonly #socket: Deno.DatagramConn;
  readonly #totals: RtpCounts;
  readonly #packet = new Uint8Array(PACKET_BYTES);
  readonly #view = new DataView(this.#packet.buffer);
  #sequence = 0;
  #isClosed = false;

  constructor(hostname: string, totals: RtpCounts) {
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    const { addr } = this.#socket;
    this.local = { hostname, port: addr.transport === "udp" ? addr.port : 0 };
    this.#totals = totals;
    // Version 2, payload type 0.
    this.#packet[0] = 0x80;
    this.#view.setUint32(8, Math.floor(Math.random() * 2 ** 32));
    this.#readAll().catch(() => {});
  }

  /** Sends the next packet. */
  send(): void {
    if (this.target === undefined || this.#isClosed) return;
    this.#sequence++;
    this.#view.setUint16(2, this.#sequence & 0xffff);
    this.#view.setUint32(4, (this.#sequence * SAMPLES_PER_PACKET) >>> 0);
    this.#totals.sent++;
    this.#socket.send(this.#packet, { transport: "udp", ...this.target }).catch(() => {
      this.#totals.sent--;
      this.#totals.refused++;
    });
  }

  /** Longest silence since the last call of this function, the present one included. */
  takeLongestGapMs(): number {
    const nowMs = performance.now();
    const longestMs = Math.max(this.#longestGapMs, nowMs - this.#lastMs);
    this.#longestGapMs = 0;
    return longestMs;
  }

  /** Closes the socket. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  async #readAll(): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      await this.#socket.receive(buffer);
      const nowMs = performance.now();
      this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastMs);
      this.#lastMs = nowMs;
      this.received++;
      this.#totals.received++;
    }
  }
}

/** Period of G.711 packets. */
const PERIOD_MS = 20;

/** Lets all legs that belong to it talk: one packet each 20 ms. A late tick sends one packet, never a burst. */
export class RtpPump {
  readonly #legs = new Set<RtpLeg>();
  readonly #timer: number;

  constructor() {
    this.#timer = setInterval(() => {
      for (const leg of this.#legs) leg.send();
    }, PERIOD_MS);
  }

  /** Lets a leg talk. */
  add(leg: RtpLeg): void {
    this.#legs.add(leg);
  }

  /** Lets it fall silent. */
  remove(leg: RtpLeg): void {
    this.#legs.delete(leg);
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.#timer);
  }
}

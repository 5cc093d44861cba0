/**
 * RTP whose packets are numbered beyond wrapping, so that each lost, doubled or late one is seen.
 *
 * Sends at an even pace and keeps books of what comes in. It knows nothing of SIP. Called by
 * numbered_agent.ts.
 *
 * @module
 */

/** What was sent, and what became of the packets between the first and the last that came in. */
export interface RtpBooks {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  /** By how much a packet of ours left too late at worst: what the machine could not do in time. */
  readonly lagMs: number;
}

const HEADER_BYTES = 12;
const PACKET_BYTES = 172;
/** Programs and calls that have just begun lag by themselves. */
const SETTLE_MS = 1500;

/** One media socket. */
export class NumberedRtp {
  readonly port: number;
  #socket: Deno.DatagramConn;
  #target: Deno.NetAddr | undefined;
  #next = 0;
  #timer: number | undefined;
  #seen = new Set<number>();
  #first = Infinity;
  #highest = -1;
  #doubled = 0;
  #late = 0;
  #lagMs = 0;
  #dueMs = Infinity;
  readonly #paceMs: number;
  readonly #ssrc: number;

  constructor(where: { readonly hostname: string; readonly port: number }, paceMs: number) {
    this.port = where.port;
    this.#paceMs = paceMs;
    this.#ssrc = where.port;
    this.#socket = Deno.listenDatagram({ transport: "udp", ...where });
    this.#read(this.#socket);
  }

  /** Sends to somebody from now on. */
  aim(hostname: string, port: number): void {
    this.#target = { transport: "udp", hostname, port };
    this.resume();
  }

  /** Sends nothing until it is to go on. */
  quiet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueMs = Infinity;
  }

  /** Sends again to whom it sent last. */
  resume(): void {
    if (this.#timer === undefined) this.#send();
  }

  /** Goes on from another port of its own; numbers and source identifier go on too. */
  move(where: { readonly hostname: string; readonly port: number }): void {
    this.#socket.close();
    this.#socket = Deno.listenDatagram({ transport: "udp", ...where });
    this.#read(this.#socket);
  }

  /** What came in until now. */
  books(): RtpBooks {
    const received = this.#seen.size;
    const lost = received === 0 ? 0 : this.#highest - this.#first + 1 - received;
    const lagMs = Math.round(this.#lagMs);
    return { sent: this.#next, received, lost, doubled: this.#doubled, late: this.#late, lagMs };
  }

  close(): void {
    this.quiet();
    this.#socket.close();
  }

  #send(): void {
    const target = this.#target;
    if (target === undefined) return;
    const packet = new Uint8Array(PACKET_BYTES);
    const view = new DataView(packet.buffer);
    packet[0] = 0x80;
    packet[1] = 8;
    view.setUint16(2, this.#next & 0xffff);
    view.setUint32(4, this.#next * 160);
    view.setUint32(8, this.#ssrc);
    view.setUint32(HEADER_BYTES, this.#next++);
    this.#socket.send(packet, target).catch(() => 0);
    const nowMs = performance.now();
    if (this.#next * this.#paceMs > SETTLE_MS) {
      this.#lagMs = Math.max(this.#lagMs, nowMs - this.#dueMs);
    }
    this.#dueMs = nowMs + this.#paceMs;
    this.#timer = setTimeout(() => this.#send(), this.#paceMs);
  }

  async #read(socket: Deno.DatagramConn): Promise<void> {
    const buffer = new Uint8Array(2048);
    try {
      for (;;) {
        const [packet] = await socket.receive(buffer);
        if (packet.length === PACKET_BYTES) this.#note(packet);
      }
    } catch {
      // Closed.
    }
  }

  #note(packet: Uint8Array): void {
    const view = new DataView(packet.buffer, packet.byteOffset);
    const number = view.getUint32(HEADER_BYTES);
    if (this.#seen.has(number)) {
      this.#doubled++;
      return;
    }
    this.#seen.add(number);
    this.#first = Math.min(this.#first, number);
    if (number < this.#highest) this.#late++;
    this.#highest = Math.max(this.#highest, number);
  }
}

import type { Place } from "./demo_party.ts";

/** Packets each way: one second of speech in 20 ms pieces. */
export const MEDIA_PACKETS = 50;

/** Period of G.711 packets. */
const PACKET_INTERVAL_MS = 20;

/** RTP header and 20 ms of G.711 (RFC 3550, RFC 3551). */
const PACKET_LENGTH_BYTES = 12 + 160;

/** Time after the last packet for those still on their way. */
const SETTLE_MS = 200;

/** The media socket of a phone: sends numbered RTP packets and counts the other end's. */
export class DemoMedia {
  readonly address: Place;
  readonly #socket: Deno.DatagramConn;
  readonly #ssrc: number;
  readonly #seen = new Set<number>();
  readonly #sources = new Set<string>();

  /** Opens a socket on a free port. */
  constructor(hostname: string, ssrc: number) {
    this.#ssrc = ssrc;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    const bound = this.#socket.addr;
    this.address = { hostname, port: bound.transport === "udp" ? bound.port : 0 };
    this.#countAll();
  }

  /** Different packets of the other end that arrived. */
  get received(): number {
    return this.#seen.size;
  }

  /** Where they came from. */
  get sources(): readonly string[] {
    return [...this.#sources];
  }

  /** Describes this end (RFC 8866). */
  description(): string {
    const { hostname, port } = this.address;
    const lines = ["v=0", `o=- 1 1 IN IP4 ${hostname}`, "s=-", `c=IN IP4 ${hostname}`, "t=0 0"];
    return [...lines, `m=audio ${port} RTP/AVP 0`, "a=rtpmap:0 PCMU/8000", ""].join("\r\n");
  }

  /** Sends all packets at the pace of speech. */
  async talk(description: string): Promise<void> {
    const port = Number(/^m=audio (\d+)/m.exec(description)?.[1] ?? 0);
    const hostname = /^c=IN IP4 (\S+)/m.exec(description)?.[1] ?? "";
    const packet = new Uint8Array(PACKET_LENGTH_BYTES);
    const view = new DataView(packet.buffer);
    view.setUint16(0, 0x8000);
    view.setUint32(8, this.#ssrc);
    for (let number = 1; number <= MEDIA_PACKETS; number++) {
      view.setUint16(2, number);
      view.setUint32(4, number * 160);
      await this.#socket.send(packet, { transport: "udp", hostname, port });
      await new Promise((resolve) => setTimeout(resolve, PACKET_INTERVAL_MS));
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  async #countAll(): Promise<void> {
    const buffer = new Uint8Array(2048);
    try {
      for (;;) {
        const [data, from] = await this.#socket.receive(buffer);
        if (data.length !== PACKET_LENGTH_BYTES || from.transport !== "udp") continue;
        const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
        if (view.getUint32(8) === this.#ssrc) continue;
        this.#seen.add(view.getUint16(2));
        this.#sources.add(`${from.hostname}:${from.port}`);
      }
    } catch {
      return;
    }
  }
}

import type { Socket } from "node:net";
import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { connectAs, type Place } from "../support/tcp_peer.ts";

/** Splits `address:port`. */
export function placeOf(text: string): Place {
  const colon = text.lastIndexOf(":");
  return { hostname: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** A message that somebody got. */
export interface Arrival {
  readonly to: string;
  readonly transport: "udp" | "tcp";
  /** Latin1. */
  readonly text: string;
}

/** What all sockets of a stage heard, in its order; somebody may wait for something to be there. */
export class Ear {
  readonly arrivals: Arrival[] = [];
  #wake: () => void = () => {};

  /** Takes note of a message, or of anything else that a wait may be about. */
  hear(arrival?: Arrival): void {
    if (arrival !== undefined) this.arrivals.push(arrival);
    this.#wake();
  }

  /** Waits until something is found, and gives it; undefined when it does not come in time. */
  async until<Found>(
    find: () => Found | undefined,
    patienceMs: number,
  ): Promise<Found | undefined> {
    const endMs = performance.now() + patienceMs;
    for (;;) {
      const found = find();
      const leftMs = endMs - performance.now();
      if (found !== undefined || leftMs <= 0) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, leftMs);
      await promise;
      clearTimeout(timer);
    }
  }
}

/** A place with a UDP socket, and a TCP listener where streams are taken. */
export class Endpoint {
  readonly place: string;
  readonly #socket: Deno.DatagramConn;
  readonly #listener: Deno.TcpListener | undefined;
  readonly #streams: Deno.TcpConn[] = [];

  constructor(place: string, how: { readonly ear: Ear; readonly streams: "listens" | "none" }) {
    this.place = place;
    const { hostname, port } = placeOf(place);
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port });
    this.#hearDatagrams(how.ear);
    if (how.streams === "none") return;
    this.#listener = Deno.listen({ hostname, port });
    this.#accept(this.#listener, how.ear);
  }

  /** Sends octets as one datagram. */
  async send(data: Uint8Array, to: string): Promise<void> {
    await this.#socket.send(data, { transport: "udp", ...placeOf(to) });
  }

  /** Closes everything. */
  close(): void {
    this.#socket.close();
    this.#listener?.close();
    for (const stream of this.#streams) {
      try {
        stream.close();
      } catch {
        continue;
      }
    }
  }

  async #hearDatagrams(ear: Ear): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const [data] = await this.#socket.receive(buffer);
        ear.hear({ to: this.place, transport: "udp", text: decodeLatin1(data) });
      }
    } catch {
      return;
    }
  }

  async #accept(listener: Deno.TcpListener, ear: Ear): Promise<void> {
    try {
      for await (const stream of listener) {
        this.#streams.push(stream);
        this.#hearStream(stream, ear);
      }
    } catch {
      return;
    }
  }

  async #hearStream(stream: Deno.TcpConn, ear: Ear): Promise<void> {
    const framer = new StreamFramer();
    const buffer = new Uint8Array(65_536);
    try {
      for (let length = await stream.read(buffer); length !== null;) {
        for (const event of framer.push(buffer.subarray(0, length))) {
          if (event.kind !== "message") continue;
          ear.hear({ to: this.place, transport: "tcp", text: decodeLatin1(event.data) });
        }
        length = await stream.read(buffer);
      }
    } catch {
      return;
    }
  }
}

/** A connection to the proxy from a chosen address. */
export class Connection {
  readonly #socket: Socket;
  #isClosed = false;

  constructor(socket: Socket, ear: Ear) {
    this.#socket = socket;
    const framer = new StreamFramer();
    socket.on("data", (data: Uint8Array) => {
      for (const event of framer.push(data)) {
        if (event.kind !== "message") continue;
        ear.hear({ to: this.place, transport: "tcp", text: decodeLatin1(event.data) });
      }
    });
    socket.on("close", () => {
      this.#isClosed = true;
      ear.hear();
    });
  }

  /** Connects. */
  static async open(
    hostname: string,
    to: { readonly place: string; readonly ear: Ear },
  ): Promise<Connection> {
    return new Connection(await connectAs(hostname, placeOf(to.place)), to.ear);
  }

  /** Own `address:port`. */
  get place(): string {
    return `${this.#socket.localAddress}:${this.#socket.localPort}`;
  }

  /** Whether the proxy closed it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends octets. */
  send(data: Uint8Array | string): void {
    this.#socket.write(typeof data === "string" ? encodeLatin1(data) : data);
  }

  /** Closes it. */
  close(): void {
    this.#socket.destroy();
  }
}

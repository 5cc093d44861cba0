import { connect as connectFrom, type Socket } from "node:net";

/** Where somebody listens. */
export interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Messages that went through a port, repetitions included. */
export interface MessageCounts {
  sent: number;
  received: number;
}

/** Sends and takes SIP messages by one transport, and counts them. */
export interface SipPort {
  readonly local: Place;
  readonly transport: "udp" | "tcp";
  readonly counts: Readonly<MessageCounts>;
  /** Who gets what comes in. */
  onMessage: (message: string) => void;
  send(message: string, to: Place): void;
  close(): void;
}

/** Larger than any message of the tests. */
const BUFFER_BYTES = 65_536;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A UDP socket. */
export class UdpSipPort implements SipPort {
  readonly transport = "udp" as const;
  readonly local: Place;
  readonly counts: MessageCounts = { sent: 0, received: 0 };
  onMessage: (message: string) => void = () => {};
  readonly #socket: Deno.DatagramConn;

  constructor(local: Place) {
    this.#socket = Deno.listenDatagram({ transport: "udp", ...local });
    const { addr } = this.#socket;
    this.local = { hostname: local.hostname, port: addr.transport === "udp" ? addr.port : 0 };
    this.#readAll().catch(() => {});
  }

  /** Sends a datagram; what the system refuses (a link that is down) is not counted. */
  send(message: string, to: Place): void {
    this.#socket.send(ENCODER.encode(message), { transport: "udp", ...to })
      .then(() => this.counts.sent++, () => {});
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  async #readAll(): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      const [data] = await this.#socket.receive(buffer);
      this.counts.received++;
      this.onMessage(DECODER.decode(data));
    }
  }
}

/** A connection that a phone opens to its proxy and keeps. */
export class TcpSipPort implements SipPort {
  readonly transport = "tcp" as const;
  readonly local: Place;
  readonly counts: MessageCounts = { sent: 0, received: 0 };
  onMessage: (message: string) => void = () => {};
  readonly #socket: Socket;

  private constructor(socket: Socket, hostname: string) {
    this.#socket = socket;
    this.local = { hostname, port: socket.localPort ?? 0 };
    readMessages(socket, (message) => {
      this.counts.received++;
      this.onMessage(message);
    });
  }

  /** Connects from an address of its own. */
  static async to(proxy: Place, localAddress: string): Promise<TcpSipPort> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connectFrom({ host: proxy.hostname, port: proxy.port, localAddress }, resolve);
    socket.once("error", reject);
    await promise;
    socket.off("error", reject);
    socket.setNoDelay(true);
    return new TcpSipPort(socket, localAddress);
  }

  /** Sends by the connection, wherever it leads. */
  send(message: string): void {
    this.counts.sent++;
    this.#socket.write(message);
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy();
  }
}

/** The far end of TCP: takes the proxy's connections and answers by them. */
export class TcpSipServer implements SipPort {
  readonly transport = "tcp" as const;
  readonly local: Place;
  readonly counts: MessageCounts = { sent: 0, received: 0 };
  onMessage: (message: string) => void = () => {};
  readonly #listener: Deno.TcpListener;
  readonly #connections: Deno.TcpConn[] = [];

  constructor(local: Place) {
    this.#listener = Deno.listen(local);
    this.local = { hostname: local.hostname, port: this.#listener.addr.port };
    this.#accept().catch(() => {});
  }

  /** Sends by the newest connection: there is one proxy. */
  send(message: string): void {
    const connection = this.#connections.at(-1);
    if (connection === undefined) return;
    this.counts.sent++;
    // One write of a short message is taken whole by the system's buffer.
    connection.write(ENCODER.encode(message)).catch(() => {});
  }

  /** Closes listener and connections. */
  close(): void {
    this.#listener.close();
    for (const connection of this.#connections.splice(0)) connection.close();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      connection.setNoDelay(true);
      this.#connections.push(connection);
      this.#readAll(connection).catch(() => {});
    }
  }

  async #readAll(connection: Deno.TcpConn): Promise<void> {
    const framer = new Framer();
    for await (const chunk of connection.readable) {
      for (const message of framer.push(DECODER.decode(chunk))) {
        this.counts.received++;
        this.onMessage(message);
      }
    }
    const at = this.#connections.indexOf(connection);
    if (at >= 0) this.#connections.splice(at, 1);
  }
}

/** Cuts a stream into messages by Content-Length; keep-alives between them are passed over. */
class Framer {
  #text = "";

  push(chunk: string): readonly string[] {
    this.#text += chunk;
    const messages: string[] = [];
    for (;;) {
      this.#text = this.#text.replace(/^(\r\n)+/, "");
      const head = this.#text.indexOf("\r\n\r\n");
      if (head < 0) return messages;
      const length = /\r\ncontent-length\s*:\s*(\d+)/i.exec(this.#text.slice(0, head))?.[1] ?? "0";
      const end = head + 4 + Number(length);
      if (this.#text.length < end) return messages;
      messages.push(this.#text.slice(0, end));
      this.#text = this.#text.slice(end);
    }
  }
}

function readMessages(socket: Socket, take: (message: string) => void): void {
  const framer = new Framer();
  socket.on("error", () => {});
  socket.on("data", (chunk: Uint8Array) => {
    for (const message of framer.push(DECODER.decode(chunk))) take(message);
  });
}

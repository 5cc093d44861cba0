import { connect as connectFrom, type Socket } from "node:net";
import { StreamFramer } from "../../src/sip/stream_framer.ts";

/** Longest wait for what must come. */
const PATIENCE_MS = 10_000;

/** Where somebody listens. */
export interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** One end of a TCP connection in a test's hand: sends text, waits for whole SIP messages, knows when it is closed. */
export class TcpPeer {
  readonly hostname: string;
  readonly port: number;
  /** Resolves when the far end has closed. */
  readonly closed: Promise<void>;
  /** CRLFs heard between messages. */
  keepAlives = 0;
  readonly #stream: Deno.TcpConn;
  readonly #heard: string[] = [];
  #wake: () => void = () => {};

  constructor(stream: Deno.TcpConn, reading: "read" | "deaf" = "read") {
    this.#stream = stream;
    this.hostname = stream.localAddr.hostname;
    this.port = stream.localAddr.port;
    stream.setNoDelay(true);
    this.closed = reading === "read" ? this.#readAll() : Promise.resolve();
  }

  /** Connects to a listener. */
  static async to(place: Place): Promise<TcpPeer> {
    return new TcpPeer(await Deno.connect(place));
  }

  /** Sends a text whole. */
  async send(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length;) done += await this.#stream.write(bytes.subarray(done));
  }

  /** The next whole message, or undefined when none comes in time. */
  async next(patienceMs: number = PATIENCE_MS): Promise<string | undefined> {
    await waitUntil(() => this.#heard.length > 0, {
      patienceMs,
      onWake: (wake) => this.#wake = wake,
    });
    return this.#heard.shift();
  }

  /** Waits until so many CRLFs were heard. */
  async keptAlive(count: number, patienceMs: number = PATIENCE_MS): Promise<number> {
    const onWake = (wake: () => void) => this.#wake = wake;
    await waitUntil(() => this.keepAlives >= count, { patienceMs, onWake });
    return this.keepAlives;
  }

  /** Whether the far end closes in time. */
  async isClosedWithin(patienceMs: number = PATIENCE_MS): Promise<boolean> {
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), patienceMs);
    const isClosed = await Promise.race([this.closed.then(() => true), late.promise]);
    clearTimeout(timer);
    return isClosed;
  }

  /** Closes this end. */
  close(): void {
    try {
      this.#stream.close();
    } catch {
      return;
    }
  }

  async #readAll(): Promise<void> {
    const framer = new StreamFramer();
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const length = await this.#stream.read(buffer);
        if (length === null) break;
        for (const event of framer.push(buffer.subarray(0, length))) {
          if (event.kind === "message") this.#heard.push(new TextDecoder().decode(event.data));
          if (event.kind === "ping" || event.kind === "pong") this.keepAlives++;
        }
        this.#wake();
      }
    } catch {
      this.#wake();
    }
    this.close();
  }
}

/** A listener in a test's hand. */
export class TcpServer {
  readonly hostname: string;
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #peers: TcpPeer[] = [];

  constructor(hostname: string, port: number = 0) {
    this.hostname = hostname;
    this.#listener = Deno.listen({ hostname, port });
    this.port = this.#listener.addr.port;
  }

  /** The next connection; a deaf one is never read from. */
  async accept(reading: "read" | "deaf" = "read"): Promise<TcpPeer> {
    const peer = new TcpPeer(await this.#listener.accept(), reading);
    this.#peers.push(peer);
    return peer;
  }

  /** Closes listener and connections. */
  close(): void {
    this.#listener.close();
    for (const peer of this.#peers) peer.close();
  }
}

/** Connects from a chosen own address, which the runtime's own connect cannot. */
export async function connectAs(localAddress: string, to: Place): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connectFrom({ host: to.hostname, port: to.port, localAddress }, resolve);
  socket.once("error", reject);
  await promise;
  socket.off("error", reject);
  socket.on("error", () => {});
  return socket;
}

async function waitUntil(
  isTrue: () => boolean,
  how: { readonly patienceMs: number; readonly onWake: (wake: () => void) => void },
): Promise<void> {
  const endMs = performance.now() + how.patienceMs;
  while (!isTrue()) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    how.onWake(resolve);
    const timer = setTimeout(resolve, leftMs);
    await promise;
    clearTimeout(timer);
  }
}

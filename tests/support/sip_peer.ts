import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";
import { headerValue, sipText } from "../../src/cli/demo/sip_text.ts";

/** Longest wait for an answer that must come, on a busy machine. */
const PATIENCE_MS = 10_000;

/** Real requests are longer than their answers, and strangers get no answer that is not. */
const USER_AGENT = `test/${"1".repeat(100)}`;

/** A message with its sender. */
export interface Heard {
  readonly text: string;
  readonly hostname: string;
  readonly port: number;
}

/** A UDP socket of a test: sends text, waits for text. */
export class SipPeer {
  readonly hostname: string;
  readonly port: number;
  readonly #socket: Deno.DatagramConn;
  readonly #heard: Heard[] = [];
  #wake: () => void = () => {};

  constructor(hostname: string = "127.0.0.1") {
    this.hostname = hostname;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    const { addr } = this.#socket;
    this.port = addr.transport === "udp" ? addr.port : 0;
    this.#receiveAll();
  }

  /** Sends bytes or text. */
  async send(data: string | Uint8Array, to: { hostname: string; port: number }): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.#socket.send(bytes, { transport: "udp", ...to });
  }

  /** The next message, or undefined when none comes in time. */
  async next(patienceMs: number = PATIENCE_MS): Promise<Heard | undefined> {
    const first = this.#heard.shift();
    if (first !== undefined) return first;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, patienceMs);
    await promise;
    clearTimeout(timer);
    return this.#heard.shift();
  }

  /** Messages that came and were not asked for yet. */
  get pending(): number {
    return this.#heard.length;
  }

  /** Forgets what came so far. */
  clear(): void {
    this.#heard.length = 0;
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  /** An OPTIONS request to a daemon, from this socket. */
  options(to: { hostname: string; port: number }): string {
    const branch = `z9hG4bK${crypto.randomUUID()}`;
    return sipText(`OPTIONS sip:${to.hostname}:${to.port} SIP/2.0`, {
      headers: [
        ["Via", `SIP/2.0/UDP ${this.hostname}:${this.port};branch=${branch};rport`],
        ["Max-Forwards", "70"],
        ["From", "<sip:test@localhost>;tag=1"],
        ["To", `<sip:${to.hostname}:${to.port}>`],
        ["Call-ID", crypto.randomUUID()],
        ["CSeq", "1 OPTIONS"],
        ["User-Agent", USER_AGENT],
      ],
    });
  }

  /** Asks OPTIONS again and again, as a peer does that repeats over UDP, until it is answered or time is up. */
  async optionsAnswered(
    to: { hostname: string; port: number },
    patienceMs: number = PATIENCE_MS,
  ): Promise<string | undefined> {
    const endMs = performance.now() + patienceMs;
    const asked = new Set<string>();
    while (performance.now() < endMs) {
      const request = this.options(to);
      asked.add(headerValue(request, "Call-ID"));
      await this.send(request, to);
      const askAgainMs = Math.min(performance.now() + 50, endMs);
      for (let leftMs = 50; leftMs > 0; leftMs = askAgainMs - performance.now()) {
        const answer = await this.next(leftMs);
        // What comes late was an answer to somebody asked before.
        if (asked.has(headerValue(answer?.text ?? "", "Call-ID"))) return answer?.text;
      }
    }
    return undefined;
  }

  async #receiveAll(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const [data, from] = await this.#socket.receive(buffer);
        if (from.transport !== "udp") continue;
        const text = new TextDecoder().decode(data);
        this.#heard.push({ text, hostname: from.hostname, port: from.port });
        this.#wake();
      }
    } catch {
      return;
    }
  }
}

/** Parses a literal of a test. */
export function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

/**
 * A UDP endpoint of the matrix: keeps everything that arrives, byte for byte.
 *
 * Sends raw text and hands received messages out by Call-ID. It adds nothing and answers nothing by
 * itself. Called by the rows.
 *
 * @module
 */
import assert from "node:assert/strict";
import { poll, sleep } from "../support/command.ts";
import { header, methodOf, startLine, statusOf } from "../support/sip_text.ts";

/** Address and port of a peer. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** A message as it came off the wire. */
export interface Received {
  readonly text: string;
  readonly from: Place;
}

/** Which message is wanted. */
export interface Wanted {
  readonly callId: string;
  /** Method of a request. */
  readonly method?: string;
  /** Status of a response. */
  readonly status?: number;
}

/** Time for a message to come through a daemon on a busy machine. */
const ARRIVAL_TIMEOUT_MS = 3000;
/** Time after which a message that did not come will not come: a hundred times the usual delay. */
const SILENCE_MS = 300;

/** One endpoint. */
export class Peer implements Place {
  readonly address: string;
  readonly port: number;
  #socket: Deno.DatagramConn;
  #queue: Received[] = [];

  constructor(place: Place) {
    this.address = place.address;
    this.port = place.port;
    this.#socket = Deno.listenDatagram({
      transport: "udp",
      hostname: place.address,
      port: place.port,
    });
    this.#read();
  }

  /** Sends text as one datagram. */
  async send(text: string, to: Place): Promise<void> {
    await this.#socket.send(new TextEncoder().encode(text), {
      transport: "udp",
      hostname: to.address,
      port: to.port,
    });
  }

  /** Waits for a message; anything else stays in the queue. */
  async expect(wanted: Wanted, timeoutMs: number = ARRIVAL_TIMEOUT_MS): Promise<Received> {
    return await poll(() => {
      const at = this.#queue.findIndex((one) => matches(one, wanted));
      return Promise.resolve(at === -1 ? undefined : this.#queue.splice(at, 1)[0]);
    }, {
      what: `${JSON.stringify(wanted)} at ${this.address}:${this.port}, only ${this.#summary()}`,
      timeoutMs,
      intervalMs: 5,
    }).catch((error: unknown) => {
      // The queue as it is now, not as it was when the wait began.
      throw new Error(`${error instanceof Error ? error.message : error}; now ${this.#summary()}`);
    });
  }

  /** Asserts that no message with this Call-ID comes (and none has come). */
  async expectSilence(callId: string): Promise<void> {
    await sleep(SILENCE_MS);
    const found = this.#queue.filter((one) => header(one.text, "Call-ID") === callId);
    assert.deepEqual(found.map((one) => startLine(one.text)), []);
  }

  /** Asserts that nothing at all came in since the last look. */
  async expectNothing(): Promise<void> {
    this.#queue = [];
    await sleep(SILENCE_MS);
    assert.deepEqual(this.#queue.map((one) => startLine(one.text)), []);
  }

  /** Forgets what arrived. */
  forget(): void {
    this.#queue = [];
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  #summary(): string {
    return JSON.stringify(this.#queue.map((one) => startLine(one.text)));
  }

  async #read(): Promise<void> {
    for await (const [bytes, from] of this.#socket) {
      if (from.transport !== "udp") continue;
      const text = new TextDecoder().decode(bytes);
      this.#queue.push({ text, from: { address: from.hostname, port: from.port } });
    }
  }
}

function matches(one: Received, wanted: Wanted): boolean {
  if (header(one.text, "Call-ID") !== wanted.callId) return false;
  const status = statusOf(one.text);
  if (wanted.status !== undefined && status !== wanted.status) return false;
  if (wanted.method === undefined) return true;
  return methodOf(one.text) === wanted.method && (wanted.status !== undefined || status === 0);
}

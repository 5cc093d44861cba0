import { socketAddressText } from "../../base/socket_address.ts";
import { decodeLatin1 } from "../../base/text.ts";
import type { ProxyInput } from "../../proxy/input.ts";

/** Messages that wait for a name or a port at once: 100 a second for the five seconds a look-up may take. */
const MAX_WAITING_MESSAGES = 512;

/** Bytes they may hold together: long messages wait in smaller numbers. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Copies of the messages that cannot go on yet; a retransmission of one that waits is not taken twice. */
export class WaitingRoom {
  readonly #keys = new Set<string>();
  #lengthBytes = 0;

  /** Number of messages that wait. */
  get size(): number {
    return this.#keys.size;
  }

  /**
   * Takes a message in.
   *
   * @param input the message, whose bytes are only borrowed from a receive buffer
   * @returns a copy that may be kept and the key to give back, or why it is not taken
   */
  admit(
    input: ProxyInput,
  ): { readonly input: ProxyInput; readonly key: string } | "retransmission" | "full" {
    const lengthBytes = input.data.length;
    const key = `${socketAddressText(input.source)} ${decodeLatin1(input.data)}`;
    if (this.#keys.has(key)) return "retransmission";
    if (this.#keys.size >= MAX_WAITING_MESSAGES) return "full";
    if (this.#lengthBytes + lengthBytes > MAX_WAITING_BYTES) return "full";
    this.#keys.add(key);
    this.#lengthBytes += lengthBytes;
    return { input: { ...input, data: input.data.slice() }, key };
  }

  /** Lets a message out. */
  release(admitted: { readonly input: ProxyInput; readonly key: string }): void {
    if (this.#keys.delete(admitted.key)) this.#lengthBytes -= admitted.input.data.length;
  }
}

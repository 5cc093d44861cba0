import { assertNever } from "../../base/assert_never.ts";
import { type IpFamily, ipFamily } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import type { PairUse } from "../../proxy/env.ts";
import type { PortPair } from "../../rtp/relay_command.ts";
import type { MediaToSignalling, SignallingToMedia } from "../media_protocol.ts";

/** How long `exhausted` holds: until a call ends; the next INVITE after that asks again. */
const EXHAUSTED_MS = 500;

/** The signalling isolate's end of the channel to one media isolate: its stock of bound pairs, and its streams. */
export class MediaChannel {
  readonly worker: number;
  readonly #port: MessagePort;
  readonly #streams = new Set<number>();
  #stock: Record<Side, PortPair[]> = { lan: [], wan: [] };
  #exhaustedUntilMs = 0;

  /** Talks to a new media isolate; its first message brings the stock. */
  constructor(
    worker: number,
    to: { readonly port: MessagePort; readonly onMessage: (message: MediaToSignalling) => void },
  ) {
    this.worker = worker;
    this.#port = to.port;
    to.port.onmessage = (event: MessageEvent<MediaToSignalling>) => {
      this.#note(event.data);
      to.onMessage(event.data);
    };
  }

  /** Streams that it relays. */
  get load(): number {
    return this.#streams.size;
  }

  /** Whether its part of the range gave no more a moment ago. */
  get isExhausted(): boolean {
    return performance.now() < this.#exhaustedUntilMs;
  }

  /** Sends it a message; what opens or closes streams is noted. */
  post(message: SignallingToMedia): void {
    if (message.kind === "relay") {
      for (const command of message.commands) {
        if (command.kind === "close") this.#streams.delete(command.streamId);
        if (command.kind !== "open") continue;
        this.#streams.add(command.streamId);
        this.#remove([command.lanPairId, command.wanPairId]);
      }
    }
    this.#port.postMessage(message);
  }

  /** Ends it. */
  close(): void {
    this.#port.close();
  }

  /** Pairs that a call may take, from the front. */
  freePairs(side: Side): readonly PortPair[] {
    return this.#stock[side];
  }

  /** Number of ready pairs of a side, of both families or one. */
  ready(side: Side, family?: IpFamily): number {
    const stock = this.#stock[side];
    if (family === undefined) return stock.length;
    return stock.filter(({ address }) => ipFamily(address) === family).length;
  }

  /** Whether a call finds what it needs here. */
  serves({ lines, families }: PairUse): boolean {
    return this.ready("lan", families.lan) >= lines && this.ready("wan", families.wan) >= lines;
  }

  #note(message: MediaToSignalling): void {
    switch (message.kind) {
      case "hello":
        this.#stock = { lan: [], wan: [] };
        this.#append(message.pairs);
        for (const { streamId } of message.streams) this.#streams.add(streamId);
        return;
      case "stock":
        return this.#append(message.pairs);
      case "pairs-removed":
        return this.#remove(message.pairIds);
      case "exhausted":
        this.#exhaustedUntilMs = performance.now() + EXHAUSTED_MS;
        return;
      case "expired":
        this.#streams.delete(message.streamId);
        return;
      default:
        assertNever(message);
    }
  }

  #append(pairs: readonly PortPair[]): void {
    for (const pair of pairs) this.#stock[pair.side].push(pair);
    if (pairs.length > 0) this.#exhaustedUntilMs = 0;
  }

  #remove(pairIds: readonly number[]): void {
    for (const side of ["lan", "wan"] as const) {
      this.#stock[side] = this.#stock[side].filter(({ pairId }) => !pairIds.includes(pairId));
    }
  }
}

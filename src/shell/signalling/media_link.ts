import { assertNever } from "../../base/assert_never.ts";
import { type IpAddress, type IpFamily, ipFamily } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import type { MediaToSignalling, SignallingToMedia, StreamSummary } from "../media_protocol.ts";

/** Longest wait for pairs: binding takes a millisecond, a media isolate that is being replaced some hundred. */
const MAX_WANT_MS = 1500;

/** How long `exhausted` holds: until a call ends; the next INVITE after that asks again. */
const EXHAUSTED_MS = 500;

/** What the link's owner wants to hear. */
export interface MediaLinkEvents {
  readonly onExpired: (streamId: number) => void;
  /** A media isolate introduced itself: these are the streams it relays. */
  readonly onStreams: (streams: readonly StreamSummary[]) => void;
}

/** Pairs that are asked for, a side. */
export interface WantedPairs {
  readonly lan: number;
  readonly wan: number;
  /** What they must be of; any pairs will do when it is left out. */
  readonly families?: Readonly<Record<Side, IpFamily>>;
}

interface Wish extends WantedPairs {
  readonly grant: () => void;
}

/** The signalling isolate's end of the channel to the media isolate, with the stock of bound port pairs. */
export class MediaLink {
  readonly #events: MediaLinkEvents;
  readonly #wishes = new Set<Wish>();
  #port: MessagePort | undefined;
  #stock: Record<Side, PortPair[]> = { lan: [], wan: [] };
  #exhaustedUntilMs = 0;
  #advertised: IpAddress | undefined;

  constructor(events: MediaLinkEvents) {
    this.#events = events;
  }

  /** Whether the range gave no more a moment ago. */
  get isExhausted(): boolean {
    return performance.now() < this.#exhaustedUntilMs;
  }

  /** Talks to a (new) media isolate from now on; its first message brings the stock. */
  connect(port: MessagePort): void {
    this.#port?.close();
    this.#stock = { lan: [], wan: [] };
    this.#port = port;
    port.onmessage = (event: MessageEvent<MediaToSignalling>) => this.#receive(event.data);
    this.#post({ kind: "advertised", address: this.#advertised });
  }

  /** Tells the address that the outside is told, by which a call that came back to us is known. */
  advertise(address: IpAddress | undefined): void {
    if (address === this.#advertised) return;
    this.#advertised = address;
    this.#post({ kind: "advertised", address });
  }

  /** Ends the link. */
  close(): void {
    this.#port?.close();
    this.#port = undefined;
    for (const wish of this.#wishes) wish.grant();
  }

  /** Pairs that a call may take, from the front. */
  freePairs(side: Side): readonly PortPair[] {
    return this.#stock[side];
  }

  /** Asks for pairs; ends when they are there, when there are none, or after a bound. */
  want(pairs: WantedPairs): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wish: Wish = {
      ...pairs,
      grant: () => {
        clearTimeout(timer);
        this.#wishes.delete(wish);
        resolve();
      },
    };
    const timer = setTimeout(wish.grant, MAX_WANT_MS);
    this.#wishes.add(wish);
    for (const side of ["lan", "wan"] as const) {
      const family = pairs.families?.[side];
      if (pairs[side] === 0) continue;
      const wanted = { kind: "want", side, pairs: pairs[side] } as const;
      this.#post(family === undefined ? wanted : { ...wanted, family });
    }
    return promise;
  }

  /** Hands the relay commands of one outcome over; pairs that a stream takes leave the stock. */
  apply(commands: readonly RelayCommand[]): void {
    for (const command of commands) {
      if (command.kind === "open") this.#remove([command.lanPairId, command.wanPairId]);
    }
    this.#post({ kind: "relay", commands });
  }

  #post(message: SignallingToMedia): void {
    this.#port?.postMessage(message);
  }

  #receive(message: MediaToSignalling): void {
    switch (message.kind) {
      case "hello":
        this.#stock = { lan: [], wan: [] };
        this.#append(message.pairs);
        this.#events.onStreams(message.streams);
        return;
      case "stock":
        this.#append(message.pairs);
        return;
      case "pairs-removed":
        this.#remove(message.pairIds);
        return;
      case "exhausted":
        this.#exhaustedUntilMs = performance.now() + EXHAUSTED_MS;
        for (const wish of this.#wishes) if (wish[message.side] > 0) wish.grant();
        return;
      case "expired":
        this.#events.onExpired(message.streamId);
        return;
      default:
        assertNever(message);
    }
  }

  #append(pairs: readonly PortPair[]): void {
    for (const pair of pairs) this.#stock[pair.side].push(pair);
    if (pairs.length > 0) this.#exhaustedUntilMs = 0;
    this.#grantInTurn();
  }

  /**
   * Each that is granted takes its pairs a moment later, so that they do not count for the next one any more: a burst of
   * calls would wake up all at once for a single pair, and those who find none again and again would be refused.
   */
  #grantInTurn(): void {
    const promised = { lan: 0, wan: 0 };
    for (const wish of this.#wishes) {
      const { lan, wan } = { lan: promised.lan + wish.lan, wan: promised.wan + wish.wan };
      if (!this.#has({ ...wish, lan, wan }, "lan") || !this.#has({ ...wish, lan, wan }, "wan")) {
        continue;
      }
      promised.lan = lan;
      promised.wan = wan;
      wish.grant();
    }
  }

  #has(wish: WantedPairs, side: Side): boolean {
    const family = wish.families?.[side];
    const stock = this.#stock[side];
    const fitting = family === undefined
      ? stock
      : stock.filter(({ address }) => ipFamily(address) === family);
    return fitting.length >= wish[side];
  }

  #remove(pairIds: readonly number[]): void {
    for (const side of ["lan", "wan"] as const) {
      this.#stock[side] = this.#stock[side].filter(({ pairId }) => !pairIds.includes(pairId));
    }
  }
}

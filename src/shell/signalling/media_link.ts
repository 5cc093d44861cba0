import { assertNever } from "../../base/assert_never.ts";
import type { IpAddress, IpFamily } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import type { PairUse } from "../../proxy/env.ts";
import { portWorker, workerOf } from "../../rtp/media_share.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import type { MediaToSignalling, SignallingToMedia, StreamSummary } from "../media_protocol.ts";
import { MediaChannel } from "./media_channel.ts";

/** Longest wait for pairs: binding takes a millisecond, a media isolate that is being replaced some hundred. */
const MAX_WANT_MS = 1500;

/** Streams of each media isolate at which the next one is wanted: a tenth of what a router's core relays. */
const BUSY_STREAMS = 32;

/** A worse fault of a media isolate than any number of streams. */
const FAR_PENALTY = 2 ** 20;

/** One that is worse still. */
const EMPTY_PENALTY = 2 ** 30;

/** What the link's owner wants to hear. */
export interface MediaLinkEvents {
  readonly onExpired: (streamId: number) => void;
  /** A media isolate introduced itself: these are the streams it relays. */
  readonly onStreams: (streams: readonly StreamSummary[], worker: number) => void;
  /** Those that there are have much to do. */
  readonly onBusy: () => void;
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

/**
 * The signalling isolate's end of the channels to the media isolates; the core sees one stock of bound port pairs.
 *
 * A stream lives in one isolate as a whole, so a call finds pairs of one only: of the one whose ports it leads back to,
 * else of that with the fewest streams.
 */
export class MediaLink {
  readonly #events: MediaLinkEvents;
  /** Media isolates that there are, or can be. */
  readonly #workers: number;
  readonly #channels = new Map<number, MediaChannel>();
  readonly #wishes = new Set<Wish>();
  #advertised: IpAddress | undefined;

  constructor(events: MediaLinkEvents, workers = 1) {
    this.#events = events;
    this.#workers = workers;
  }

  /** Whether the range gave no more a moment ago. */
  get isExhausted(): boolean {
    const channels = [...this.#channels.values()];
    return this.#isComplete && channels.every(({ isExhausted }) => isExhausted);
  }

  /** Talks to a (new) media isolate from now on; its first message brings the stock. */
  connect(port: MessagePort, worker = 0): void {
    this.disconnect(worker);
    const channel: MediaChannel = new MediaChannel(worker, {
      port,
      onMessage: (message) => this.#receive(message, channel),
    });
    this.#channels.set(worker, channel);
    channel.post({ kind: "advertised", address: this.#advertised });
  }

  /** That media isolate is gone: its pairs serve nobody, its streams are missed when its successor is there. */
  disconnect(worker: number): void {
    this.#channels.get(worker)?.close();
    this.#channels.delete(worker);
  }

  /** Tells the address that the outside is told, by which a call that came back to us is known. */
  advertise(address: IpAddress | undefined): void {
    if (address === this.#advertised) return;
    this.#advertised = address;
    this.#post({ kind: "advertised", address });
  }

  /** Ends the link. */
  close(): void {
    for (const worker of [...this.#channels.keys()]) this.disconnect(worker);
    for (const wish of this.#wishes) wish.grant();
  }

  /** Pairs that a call may take, from the front; both sides are of one isolate as long as nothing is opened. */
  freePairs(side: Side, use?: PairUse): readonly PortPair[] {
    return this.#choose(use)?.freePairs(side) ?? [];
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
    for (const channel of this.#channels.values()) {
      const { worker } = channel;
      const own = commands.filter(({ streamId }) => workerOf(streamId) === worker);
      if (own.length > 0) channel.post({ kind: "relay", commands: own });
    }
    this.#noteLoad();
  }

  /** Whether there is none to come. */
  get #isComplete(): boolean {
    return this.#channels.size === this.#workers;
  }

  #noteLoad(): void {
    if (this.#isComplete || this.#channels.size === 0) return;
    const channels = [...this.#channels.values()];
    if (channels.every(({ load }) => load >= BUSY_STREAMS)) this.#events.onBusy();
  }

  #choose(use: PairUse | undefined): MediaChannel | undefined {
    let best: MediaChannel | undefined;
    let least = Infinity;
    for (const channel of this.#channels.values()) {
      const penalty = this.#channels.size === 1 ? 0 : this.#penalty(channel, use);
      if (penalty >= least) continue;
      least = penalty;
      best = channel;
    }
    return best;
  }

  #penalty(channel: MediaChannel, use: PairUse | undefined): number {
    const isEmpty = use !== undefined && !channel.serves(use);
    const isFar = use?.ownPort !== undefined &&
      portWorker(use.ownPort, this.#workers) !== channel.worker;
    return channel.load + (isEmpty ? EMPTY_PENALTY : 0) + (isFar ? FAR_PENALTY : 0);
  }

  #post(message: SignallingToMedia): void {
    for (const channel of this.#channels.values()) channel.post(message);
  }

  #receive(message: MediaToSignalling, channel: MediaChannel): void {
    switch (message.kind) {
      case "hello":
        this.#grantInTurn();
        return this.#events.onStreams(message.streams, channel.worker);
      case "stock":
        return this.#grantInTurn();
      case "pairs-removed":
        return;
      case "exhausted":
        if (!this.#isComplete) this.#events.onBusy();
        if (!this.isExhausted) return;
        for (const wish of this.#wishes) if (wish[message.side] > 0) wish.grant();
        return;
      case "expired":
        return this.#events.onExpired(message.streamId);
      default:
        assertNever(message);
    }
  }

  /**
   * Each that is granted takes its pairs a moment later, so that they do not count for the next one any more: a burst of
   * calls would wake up all at once for a single pair, and those who find none again and again would be refused.
   */
  #grantInTurn(): void {
    const promised = new Map<MediaChannel, Readonly<Record<Side, number>>>();
    for (const wish of this.#wishes) {
      for (const channel of this.#channels.values()) {
        const before = promised.get(channel) ?? { lan: 0, wan: 0 };
        const after = { lan: before.lan + wish.lan, wan: before.wan + wish.wan };
        const { lan, wan } = wish.families ?? { lan: undefined, wan: undefined };
        if (channel.ready("lan", lan) < after.lan || channel.ready("wan", wan) < after.wan) {
          continue;
        }
        promised.set(channel, after);
        wish.grant();
        break;
      }
    }
  }
}

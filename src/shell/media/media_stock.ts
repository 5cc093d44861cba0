import type { IpAddress, IpFamily } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import { firstIdOf } from "../../rtp/media_share.ts";
import { PortPool } from "../../rtp/port_choice.ts";
import type { PortPair } from "../../rtp/relay_command.ts";
import type { BoundPair } from "../../rtp/relay_stream.ts";
import { bindPair } from "./bind_pair.ts";
import type { MediaPair, StockSettings } from "./media_shelf.ts";
import { MediaPort, type MediaPortEvents } from "./media_port.ts";
import { type ShelfKey, Shelves } from "./shelves.ts";

/** Used pairs a side that may rest bound. More are reused early: binding costs 0.1 ms a pair, resting 4 kB. */
const MAX_RESTING_PAIRS = 256;

/** Rest of a used pair before it is taken again while other ports are free: late packets of its last call have ended. */
const REST_MS = 30_000;

/** A pair that nobody took for so long is closed, so that an idle daemon holds few sockets. */
const CLOSE_RESTING_AFTER_MS = 60_000;

/** Time in which a call may still be opened on an address that has just gone: its command is on its way. */
const RETIRED_GRACE_MS = 2000;

/** Time without a shortage after which a raised stock shrinks again. */
const CALM_MS = 10_000;

/**
 * Bound port pairs in reserve, so that a call's ports are there when its INVITE comes.
 *
 * Which port comes next is random among those unused for longest (see `PortPool`); in a small range a pair is ready
 * again the moment its call ends.
 */
export class MediaStock {
  readonly #bindPair: typeof bindPair;
  readonly #events: MediaPortEvents;
  readonly #random: () => number;
  readonly #shelves = new Shelves();
  readonly #used = new Map<number, MediaPair>();
  readonly #retired = new Map<number, MediaPair>();
  #pools = new Map<IpAddress, PortPool>();
  #range = "";
  #basePairs = 0;
  #shortageAtMs = 0;
  /** 0 before the first configuration, which tells whose pairs they are. */
  #nextPairId = 0;

  constructor(
    parts: {
      readonly events: MediaPortEvents;
      readonly random: () => number;
      /** Tests bind elsewhere. */
      readonly bind?: typeof bindPair;
    },
  ) {
    this.#bindPair = parts.bind ?? bindPair;
    this.#events = parts.events;
    this.#random = parts.random;
  }

  /** Takes new addresses and range; pairs that no longer fit leave the stock, those in use stay. */
  configure(settings: StockSettings, nowMs: number): readonly number[] {
    const removed: number[] = [];
    this.#nextPairId ||= firstIdOf(settings.share?.worker ?? 0, this.#random);
    this.#shelves.settle(settings.addresses);
    this.#renewPools(settings);
    this.#welcomeBack(nowMs);
    for (const { free, resting } of this.#shelves.all) {
      const outdated = resting.filter((pair) => !this.#fits(pair.pair));
      for (const pair of outdated) this.#close(pair);
      resting.splice(0, resting.length, ...resting.filter((pair) => !outdated.includes(pair)));
      for (const [pairId, pair] of free) {
        if (this.#fits(pair.pair)) continue;
        free.delete(pairId);
        pair.sinceMs = nowMs;
        this.#retired.set(pairId, pair);
        removed.push(pairId);
      }
    }
    this.#basePairs = Math.max(1, settings.stockPairs);
    this.#shelves.calmDown(this.#basePairs);
    return removed;
  }

  /** A range that comes back a moment after it went finds its pairs still bound. */
  #welcomeBack(nowMs: number): void {
    for (const [pairId, pair] of this.#retired) {
      if (!this.#fits(pair.pair)) continue;
      this.#retired.delete(pairId);
      this.#shelves.of(pair.pair).resting.push({ ...this.#renamed(pair), sinceMs: nowMs });
    }
  }

  /** Number of ready pairs of a side, of both families or one. */
  size(side: Side, family?: IpFamily): number {
    return this.#shelves.size(side, family);
  }

  /** All ready pairs. */
  freePairs(): readonly PortPair[] {
    return this.#shelves.all.flatMap(({ free }) => [...free.values()]).map(({ pair }) => pair);
  }

  /** Fills all shelves evenly, which matters where both sides share one address and one range. */
  refill(nowMs: number): readonly PortPair[] {
    const added: PortPair[] = [];
    const stuck = new Set<ShelfKey>();
    const neediest = (): ShelfKey | undefined => this.#shelves.neediest(stuck);
    for (let key = neediest(); key !== undefined; key = neediest()) {
      const pair = this.#next(key, nowMs);
      if (pair === undefined) {
        stuck.add(key);
        continue;
      }
      this.#shelves.get(key).free.set(pair.pair.pairId, pair);
      added.push(pair.pair);
    }
    return added;
  }

  /** Raises the stock after a shortage; how much of it can be had, the refill that follows tells. */
  raise(pairs: number, nowMs: number): void {
    this.#shortageAtMs = nowMs;
    this.#shelves.raise(pairs);
  }

  /** Takes a ready pair of each side, or none. */
  takePairs(ids: { readonly lanPairId: number; readonly wanPairId: number }):
    | Readonly<Record<Side, BoundPair>>
    | undefined {
    const lan = this.#ready(ids.lanPairId, "lan");
    const wan = this.#ready(ids.wanPairId, "wan");
    if (lan === undefined || wan === undefined) return undefined;
    for (const pair of [lan, wan]) this.#take(pair);
    return { lan, wan };
  }

  /** Finds a pair in use. */
  used(pairId: number): MediaPair | undefined {
    return this.#used.get(pairId);
  }

  /** Takes a pair back after its call. */
  release(pairId: number, nowMs: number): void {
    const pair = this.#used.get(pairId);
    if (pair === undefined) return;
    this.#used.delete(pairId);
    pair.rtpLoop.serve(undefined);
    pair.rtcpLoop.serve(undefined);
    if (!this.#fits(pair.pair)) {
      this.#close(pair);
      return;
    }
    this.#shelves.of(pair.pair).resting.push({ ...this.#renamed(pair), sinceMs: nowMs });
  }

  /** Drops a pair one of whose sockets failed; tells its id and whether a call uses it. */
  discard(
    loop: MediaPort,
  ): { readonly pairId: number; readonly place: "used" | "stock" } | undefined {
    const owns = (pair: MediaPair): boolean => pair.rtpLoop === loop || pair.rtcpLoop === loop;
    const failed = this.#allPairs().find(owns);
    if (failed === undefined) return undefined;
    const { pairId } = failed.pair;
    const { free, resting } = this.#shelves.of(failed.pair);
    const place = this.#used.delete(pairId) ? "used" : "stock";
    free.delete(pairId);
    this.#retired.delete(pairId);
    const index = resting.indexOf(failed);
    if (index >= 0) resting.splice(index, 1);
    this.#close(failed);
    return { pairId, place };
  }

  /** Closes what has been idle for long, and lets a raised stock shrink. */
  tick(nowMs: number): void {
    for (const [pairId, pair] of this.#retired) {
      if (nowMs - pair.sinceMs < RETIRED_GRACE_MS) continue;
      this.#retired.delete(pairId);
      this.#close(pair);
    }
    for (const { resting } of this.#shelves.all) {
      while (nowMs - (resting[0]?.sinceMs ?? nowMs) >= CLOSE_RESTING_AFTER_MS) {
        for (const pair of resting.splice(0, 1)) this.#close(pair);
      }
    }
    if (nowMs - this.#shortageAtMs >= CALM_MS) this.#shelves.calmDown(this.#basePairs);
  }

  /** Closes every socket. */
  close(): void {
    for (const pair of this.#allPairs()) this.#close(pair);
  }

  #renewPools(settings: StockSettings): void {
    const range = `${settings.portLow} ${settings.portHigh}`;
    const known = this.#range === range ? this.#pools : new Map<IpAddress, PortPool>();
    this.#range = range;
    this.#pools = new Map();
    for (const { address } of this.#shelves.all) {
      if (address === undefined) continue;
      this.#pools.set(address, known.get(address) ?? this.#makePool(address, settings));
    }
  }

  #makePool(address: IpAddress, settings: StockSettings): PortPool {
    const { portLow: low, portHigh: high, share } = settings;
    const random = this.#random;
    const pool = new PortPool({ low, high, random, ...(share !== undefined && { share }) });
    for (const { pair } of this.#allPairs()) {
      if (pair.address === address) pool.adopt(pair.rtpPort);
    }
    return pool;
  }

  #allPairs(): readonly MediaPair[] {
    const idle = this.#shelves.all
      .flatMap(({ free, resting }) => [...free.values(), ...resting]);
    return [...idle, ...this.#used.values(), ...this.#retired.values()];
  }

  /** Whether a pair is what a new call on its side would get. */
  #fits(pair: PortPair): boolean {
    return this.#shelves.of(pair).address === pair.address &&
      this.#pools.get(pair.address)?.hasTaken(pair.rtpPort) === true;
  }

  #next(key: ShelfKey, nowMs: number): MediaPair | undefined {
    const { address, resting } = this.#shelves.get(key);
    const pool = address === undefined ? undefined : this.#pools.get(address);
    if (address === undefined || pool === undefined) return undefined;
    const oldest = resting[0];
    const rested = oldest !== undefined && nowMs - oldest.sinceMs >= REST_MS;
    const side = key.startsWith("lan") ? "lan" : "wan";
    const reuse = rested || resting.length > MAX_RESTING_PAIRS || pool.size === 0;
    return (reuse ? this.#wake(resting) : undefined) ?? this.#bind(side, { address, pool }) ??
      this.#wake(resting);
  }

  #wake(resting: MediaPair[]): MediaPair | undefined {
    const older = Math.ceil(resting.length / 2);
    return resting.splice(Math.floor(this.#random() * older), 1)[0];
  }

  #bind(side: Side, from: { readonly address: IpAddress; readonly pool: PortPool }):
    | MediaPair
    | undefined {
    const sockets = this.#bindPair(from.address, from.pool);
    if (sockets === undefined) return undefined;
    const { rtpPort, rtp, rtcp } = sockets;
    const rtpLoop = new MediaPort(rtp, this.#events);
    const rtcpLoop = new MediaPort(rtcp, this.#events);
    const pair = { pairId: this.#nextPairId++, side, address: from.address, rtpPort };
    return { pair, rtp, rtcp, rtpLoop, rtcpLoop, sinceMs: 0 };
  }

  /** A late command may still name the old id, so every use of a pair has its own. */
  #renamed(pair: MediaPair): MediaPair {
    return { ...pair, pair: { ...pair.pair, pairId: this.#nextPairId++ } };
  }

  #ready(pairId: number, side: Side): MediaPair | undefined {
    const pair = this.#shelves.get(`${side}4`).free.get(pairId) ??
      this.#shelves.get(`${side}6`).free.get(pairId) ?? this.#retired.get(pairId);
    return pair?.pair.side === side ? pair : undefined;
  }

  #take(pair: MediaPair): void {
    const { pairId } = pair.pair;
    this.#shelves.of(pair.pair).free.delete(pairId);
    this.#retired.delete(pairId);
    this.#used.set(pairId, pair);
  }

  #close(pair: MediaPair): void {
    pair.rtpLoop.close();
    pair.rtcpLoop.close();
    this.#pools.get(pair.pair.address)?.putBack(pair.pair.rtpPort);
  }
}

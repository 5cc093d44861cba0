import type { Side } from "../base/socket_address.ts";
import type { OwnMediaAddresses } from "./own_media.ts";
import { guardOwnPorts, inOwnWords } from "./relay_bridge.ts";
import type { RelayCommand } from "./relay_command.ts";
import type { RelayEnd } from "./relay_end.ts";
import { RelayJoins } from "./relay_joins.ts";
import {
  copyTotals,
  emptyTotals,
  type RelayTotals,
  type StreamStatistics,
  streamStatistics,
  sumStream,
} from "./relay_statistics.ts";
import {
  announceParty,
  type BoundPair,
  createRelayStream,
  lastActivityMs,
  type RelayStream,
  streamEnds,
} from "./relay_stream.ts";
import { FORWARD } from "./verdict.ts";

/** How long streams live without media. */
export interface RelayTimeouts {
  /** rtp_timeout. */
  readonly timeoutMs: number;
  /** rtp_hold_timeout: the same while either party is held. */
  readonly holdTimeoutMs: number;
}

/** What the owner of the sockets does after a command or a sweep. */
export type RelayEffect =
  | { readonly kind: "start"; readonly stream: RelayStream }
  | { readonly kind: "stop"; readonly stream: RelayStream; readonly reason: StopReason }
  | { readonly kind: "refuse"; readonly command: RelayOpen; readonly reason: string };

/** Why a stream ended. */
export type StopReason = "closed" | "expired" | "failed";

/** The command that opens a stream. */
export type RelayOpen = Extract<RelayCommand, { kind: "open" }>;

/** The pairs of both legs. */
export type BoundPairs = Readonly<Record<Side, BoundPair>>;

/** What the kernel relayed. */
export interface RelayedCount {
  readonly packets: number;
  readonly bytes: number;
  /** Monotonic time at which the last of it may have come. */
  readonly atMs: number;
}

/** How a table is made. */
export interface RelayTableInit {
  readonly timeouts: RelayTimeouts;
  readonly own: OwnMediaAddresses;
  /** Takes the two bound pairs of a stream out of the stock, or neither when one is not there (any more). */
  readonly takePairs: (open: RelayOpen) => BoundPairs | undefined;
}

/**
 * All streams by id: carries commands out, ends what is idle, and adds up what passed.
 *
 * Bounded by the stock: a stream needs two bound pairs, and the range of ports is finite.
 */
export class RelayTable {
  readonly #streams = new Map<number, RelayStream>();
  readonly #joins = new RelayJoins();
  readonly #takePairs: RelayTableInit["takePairs"];
  #timeouts: RelayTimeouts;
  #own: OwnMediaAddresses;
  #closed: RelayTotals = emptyTotals();

  constructor(init: RelayTableInit) {
    this.#timeouts = init.timeouts;
    this.#own = init.own;
    this.#takePairs = init.takePairs;
  }

  /** Number of live streams. */
  get size(): number {
    return this.#streams.size;
  }

  /** The live streams, oldest first. */
  streams(): IterableIterator<RelayStream> {
    return this.#streams.values();
  }

  /** Finds a live stream. */
  stream(streamId: number): RelayStream | undefined {
    return this.#streams.get(streamId);
  }

  /** Takes new time limits and own addresses; live streams keep their sockets. */
  reconfigure(settings: Omit<RelayTableInit, "takePairs">): void {
    this.#timeouts = settings.timeouts;
    this.#own = settings.own;
  }

  /**
   * Carries out one command; commands for unknown streams (already expired ones) do nothing.
   *
   * @param command what the signalling isolate wants
   * @param nowMs monotonic time
   * @returns what to do with the sockets
   */
  apply(command: RelayCommand, nowMs: number): readonly RelayEffect[] {
    switch (command.kind) {
      case "open":
        return this.#open(command, nowMs);
      case "announce": {
        const stream = this.#streams.get(command.streamId);
        if (stream === undefined) return [];
        const party = inOwnWords(command.party, this.#own);
        announceParty(stream, { side: command.side, party, nowMs });
        this.#join(stream);
        return [];
      }
      case "close":
        return this.end(command.streamId, "closed");
    }
  }

  /**
   * Ends a stream, for example when its socket failed beyond repair.
   *
   * @param streamId which
   * @param reason why
   * @returns a `stop`, or nothing when there is no such stream
   */
  end(streamId: number, reason: StopReason): readonly RelayEffect[] {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return [];
    this.#streams.delete(streamId);
    this.#joins.remove(stream);
    if (this.#joins.size > 0) this.#joins.refresh(this.#own);
    sumStream(this.#closed, stream);
    return [{ kind: "stop", stream, reason }];
  }

  /**
   * Ends what has been silent for too long (rtp_timeout; rtp_hold_timeout while held).
   *
   * @param nowMs monotonic time
   * @returns a `stop` for each
   */
  sweep(nowMs: number): readonly RelayEffect[] {
    const effects: RelayEffect[] = [];
    for (const stream of this.#streams.values()) {
      if (nowMs - lastActivityMs(stream) < this.#limitMs(stream)) continue;
      effects.push(...this.end(stream.streamId, "expired"));
    }
    return effects;
  }

  /** Whether legs of different streams may be joined: then a change of one can move the packets of another. */
  get hasJoins(): boolean {
    return this.#joins.size > 0;
  }

  /**
   * Adds what the kernel counted at an end, which is told now and then, and for the last time after its stream ended.
   *
   * @param end where the packets arrived
   * @param count what is new, and when it was last known to grow
   */
  addRelayed(end: RelayEnd, count: RelayedCount): void {
    const { packets, bytes, atMs } = count;
    end.packets += packets;
    end.bytes += bytes;
    end.verdicts[FORWARD] = (end.verdicts[FORWARD] ?? 0) + packets;
    if (end.component === "rtp") end.lastPacketAtMs = Math.max(end.lastPacketAtMs, atMs);
    const stream = this.#streams.get(end.streamId);
    if (stream !== undefined && stream[end.side][end.component] === end) return;
    for (const sum of [this.#closed, this.#closed.from[end.side]]) {
      sum.packets += packets;
      sum.bytes += bytes;
    }
  }

  /** Adds up all streams, closed ones included. */
  totals(): RelayTotals {
    const totals = copyTotals(this.#closed);
    for (const stream of this.#streams.values()) sumStream(totals, stream);
    return totals;
  }

  /** Figures of each live stream. */
  statistics(): readonly StreamStatistics[] {
    return [...this.#streams.values()].map(streamStatistics);
  }

  #limitMs(stream: RelayStream): number {
    const held = stream.lan.flow === "held" || stream.wan.flow === "held";
    return held ? this.#timeouts.holdTimeoutMs : this.#timeouts.timeoutMs;
  }

  #open(command: RelayOpen, nowMs: number): readonly RelayEffect[] {
    const { streamId, callId, mediaIndex, payload } = command;
    if (this.#streams.has(streamId)) return [refuse(command, "stream id is in use")];
    const pairs = this.#takePairs(command);
    if (pairs === undefined) return [refuse(command, "port pair is not in stock")];
    const stream = createRelayStream({ streamId, callId, mediaIndex, payload, ...pairs, nowMs });
    guardOwnPorts(stream, this.#own);
    this.#streams.set(streamId, stream);
    this.#joins.add(stream);
    if (this.#joins.size > 0) this.#joins.refresh(this.#own);
    return [{ kind: "start", stream }];
  }

  /** Looks at both sides: what one announces decides on the other's bridge. */
  #join(stream: RelayStream): void {
    for (const end of streamEnds(stream)) this.#joins.note(end, this.#own);
    if (this.#joins.size > 0) this.#joins.refresh(this.#own);
  }
}

function refuse(command: RelayOpen, reason: string): RelayEffect {
  return { kind: "refuse", command, reason };
}

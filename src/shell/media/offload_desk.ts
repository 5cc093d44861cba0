import { assertNever } from "../../base/assert_never.ts";
import { type MediaPath, mediaPathText } from "../../base/media_path.ts";
import { firstIdOf } from "../../rtp/media_share.ts";
import { isSettled, offloadPath } from "../../rtp/offload_choice.ts";
import { REBIND_SILENCE_MS } from "../../rtp/relay_decision.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import { type RelayStream, streamEnds } from "../../rtp/relay_stream.ts";
import type { RelayTable } from "../../rtp/relay_table.ts";
import { pauseRtp } from "../../rtp/rtp_quality.ts";
import { type DeskPath, DeskPaths, release } from "./desk_paths.ts";
import type { PathCount } from "../../nft/path_ledger.ts";
import type { OffloadReport, OffloadRequest } from "../firewall/offload_messages.ts";

/** Time in which hand-overs are gathered: a call's two directions, and all calls of a burst, go together. */
const GATHER_MS = 100;

/** Shortest time between two questions for counters that strangers cause. */
const STRANGER_INTERVAL_MS = 1000;

/** What a desk works with. */
export interface OffloadDeskParts {
  readonly post: (request: OffloadRequest) => void;
  readonly table: () => RelayTable | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Which of several media isolates it is in, once that is known; left out by the only one. */
  readonly worker?: () => number;
  /** Tests have a clock of their own. */
  readonly nowMs?: () => number;
}

/**
 * Decides, after every change of a stream, what the kernel relays; keeps ports until the kernel let go of them, and
 * enters into the books what it counted.
 */
export class OffloadDesk {
  readonly #parts: OffloadDeskParts;
  readonly #nowMs: () => number;
  readonly #paths = new DeskPaths();
  /** Ends whose path the kernel does not take; another path is another try. */
  readonly #refused = new WeakMap<RelayEnd, string>();
  readonly #dirty = new Set<number>();
  #state: "off" | "on" = "off";
  /** 0 before the first path. */
  #nextPathId = 0;
  #timer: number | undefined;
  #askedAtMs = -Infinity;

  constructor(parts: OffloadDeskParts) {
    this.#parts = parts;
    this.#nowMs = parts.nowMs ?? (() => performance.now());
  }

  /** Takes what the supervisor tells of the kernel. */
  hear(report: OffloadReport): void {
    switch (report.kind) {
      case "ready":
        this.#state = "on";
        for (const { streamId } of this.#parts.table()?.streams() ?? []) this.#later(streamId);
        return;
      case "gone":
        return this.#loseAll();
      case "handed":
        return report.pathIds.forEach((pathId) => this.#noteHanded(pathId));
      case "refused":
        return report.pathIds.forEach((pathId) => this.#noteRefused(pathId));
      case "taken":
        return report.pathIds.forEach((pathId) => this.#noteTaken(pathId));
      case "counted":
        return this.#noteCounts(report.counts);
      case "forgotten":
        return report.pathIds.forEach((pathId) => this.#paths.forget(pathId));
      default:
        assertNever(report);
    }
  }

  /**
   * A party was announced, locked, or joined to another: takes back at once what is no longer so, and hands over in a
   * moment what is now.
   */
  note(streamId: number): void {
    if (this.#state === "off") return;
    if (this.#parts.table()?.hasJoins === true) this.#takeBack(this.#diverted());
    const stream = this.#parts.table()?.stream(streamId);
    if (stream === undefined) return;
    this.#takeBack(this.#outdated(stream));
    for (const { outlet } of streamEnds(stream)) this.#later(outlet?.streamId ?? streamId);
  }

  /** A stranger sends to an end whose media the kernel relays: its own peer may have moved. */
  noteStranger(end: RelayEnd): void {
    const path = this.#paths.at(end);
    if (path?.state !== "kernel") return;
    path.hasStranger = true;
    const nowMs = this.#nowMs();
    if (nowMs - this.#askedAtMs < STRANGER_INTERVAL_MS) return;
    this.#askedAtMs = nowMs;
    this.#parts.post({ kind: "count" });
  }

  /**
   * A stream has ended: its ports are free as soon as nothing in the kernel uses them.
   *
   * @param stream which
   * @param free called then, perhaps at once
   */
  end(stream: RelayStream, free: () => void): void {
    this.#dirty.delete(stream.streamId);
    const paths = this.#paths.through(streamEnds(stream));
    if (paths.length === 0) return free();
    const leftover = { paths: paths.length, free };
    for (const path of paths) {
      path.leftovers.push(leftover);
      for (const streamId of path.streamIds) this.#later(streamId);
    }
    this.#takeBack(paths);
  }

  /** Ends it. */
  close(): void {
    this.#state = "off";
    clearTimeout(this.#timer);
  }

  /** Paths that lead elsewhere since legs of other streams were joined or parted. */
  #diverted(): readonly DeskPath[] {
    return this.#paths.open().filter(({ end, outlet }) => end.outlet !== outlet);
  }

  /** Paths of a stream, and of what it is joined to, that are no longer as they were handed over. */
  #outdated(stream: RelayStream): readonly DeskPath[] {
    const ends = streamEnds(stream);
    return [...ends, ...ends.map(({ outlet }) => outlet)].flatMap((end) => {
      const path = end === undefined ? undefined : this.#paths.at(end);
      if (end === undefined || path === undefined) return [];
      const wanted = this.#wanted(end);
      return wanted !== undefined && mediaPathText(wanted) === path.text ? [] : path;
    });
  }

  #wanted(end: RelayEnd): MediaPath | undefined {
    return offloadPath(end, (streamId) => this.#parts.table()?.stream(streamId));
  }

  #later(streamId: number): void {
    if (this.#state === "off") return;
    this.#dirty.add(streamId);
    this.#timer ??= setTimeout(() => this.#handOver(), GATHER_MS);
  }

  /** Hands over what is settled; a stream with more to come is looked at again. */
  #handOver(): void {
    this.#timer = undefined;
    const paths: { readonly pathId: number; readonly path: MediaPath }[] = [];
    for (const streamId of [...this.#dirty]) {
      this.#dirty.delete(streamId);
      const stream = this.#parts.table()?.stream(streamId);
      if (stream === undefined) continue;
      for (const end of streamEnds(stream)) {
        const path = this.#candidate(end);
        if (path === undefined) continue;
        if (isSettled(end)) paths.push({ pathId: this.#open(end, path), path });
        else this.#later(streamId);
      }
    }
    if (paths.length > 0) this.#parts.post({ kind: "hand-over", paths });
  }

  #candidate(end: RelayEnd): MediaPath | undefined {
    if (this.#paths.at(end) !== undefined) return undefined;
    const path = this.#wanted(end);
    return path !== undefined && this.#refused.get(end) !== mediaPathText(path) ? path : undefined;
  }

  #open(end: RelayEnd, path: MediaPath): number {
    this.#nextPathId ||= firstIdOf(this.#parts.worker?.() ?? 0, this.#parts.random);
    const pathId = this.#nextPathId++;
    const open: DeskPath = {
      pathId,
      end,
      outlet: end.outlet,
      text: mediaPathText(path),
      streamIds: [end.streamId, end.outlet?.streamId ?? end.streamId],
      state: "handing",
      aliveAtMs: this.#nowMs(),
      hasStranger: false,
      leftovers: [],
    };
    this.#paths.add(open);
    return pathId;
  }

  #takeBack(paths: readonly DeskPath[]): void {
    const fresh = [...new Set(paths)].filter(({ state }) => state !== "taking");
    if (fresh.length === 0) return;
    for (const path of fresh) path.state = "taking";
    this.#parts.post({ kind: "take-back", pathIds: fresh.map(({ pathId }) => pathId) });
  }

  #noteHanded(pathId: number): void {
    const path = this.#paths.get(pathId);
    if (path === undefined) return;
    path.end.inKernel = true;
    pauseRtp(path.end.quality);
    path.aliveAtMs = this.#nowMs();
    if (path.state === "handing") path.state = "kernel";
  }

  #noteRefused(pathId: number): void {
    const path = this.#paths.get(pathId);
    if (path === undefined) return;
    this.#refused.set(path.end, path.text);
    this.#noteTaken(pathId);
    this.#paths.forget(pathId);
  }

  #noteTaken(pathId: number): void {
    const path = this.#paths.get(pathId);
    if (path === undefined) return;
    path.state = "taken";
    path.end.inKernel = false;
    // What passed the kernel is not lost.
    pauseRtp(path.end.quality);
    this.#paths.close(path);
    for (const streamId of path.streamIds) this.#later(streamId);
    release(path);
  }

  #noteCounts(counts: readonly PathCount[]): void {
    const nowMs = this.#nowMs();
    for (const { pathId, packets, bytes } of counts) {
      const path = this.#paths.get(pathId);
      if (path === undefined) continue;
      // After its end a path counts what passed before.
      if (path.state !== "taken") path.aliveAtMs = nowMs;
      this.#parts.table()?.addRelayed(path.end, { packets, bytes, atMs: path.aliveAtMs });
    }
    this.#yieldToStrangers(nowMs);
  }

  /** Where a peer has been silent and somebody else knocks, the daemon must judge whether that is the same one. */
  #yieldToStrangers(nowMs: number): void {
    const silent: DeskPath[] = [];
    for (const path of this.#paths.open()) {
      if (!path.hasStranger || path.state !== "kernel") continue;
      if (nowMs - path.aliveAtMs >= REBIND_SILENCE_MS) silent.push(path);
      else path.hasStranger = false;
    }
    this.#takeBack(silent);
  }

  /** The sockets receive again by themselves; nothing more is counted. */
  #loseAll(): void {
    const paths = this.#paths.open();
    this.#state = "off";
    this.#dirty.clear();
    this.#paths.clear();
    for (const path of paths) {
      path.end.inKernel = false;
      pauseRtp(path.end.quality);
      release(path);
    }
  }
}

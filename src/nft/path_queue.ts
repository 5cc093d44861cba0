import { mediaPathFamily } from "../base/media_path.ts";
import type { OffloadFamily } from "./offload_table.ts";
import type { LedgerEntry, NumberedPath, PathClaim, PathLedger } from "./path_ledger.ts";

/** Paths in one transaction: ten calls with RTP and RTCP, about 6 ms of nft, so that the next call does not wait. */
export const MAX_BATCH_PATHS = 40;

/** Paths that wait to be handed over: more streams than a range of ports has. */
const MAX_WAITING_PATHS = 65_536;

/** What the next transaction is about. */
export interface NextBatch {
  /** Of one family; added to the ledger already. */
  readonly batch: readonly NumberedPath[];
  /** Paths that can never be handed over beside what the kernel has. */
  readonly refused: readonly number[];
  /** Whether some wait for others to be forgotten. */
  readonly isHeldUp: boolean;
}

/** Paths on their way into the kernel and out of it. */
export class PathQueue {
  readonly #waiting = new Map<number, NumberedPath>();
  #leaving: number[] = [];

  /** Lets a path wait for its transaction; false when too many do. */
  offer(numbered: NumberedPath): boolean {
    if (this.#waiting.size >= MAX_WAITING_PATHS) return false;
    this.#waiting.set(numbered.pathId, numbered);
    return true;
  }

  /** Takes back a path that still waits; false when it does not. */
  withdraw(pathId: number): boolean {
    return this.#waiting.delete(pathId);
  }

  /** Takes back all of some paths that still wait. */
  withdrawAll(isMeant: (pathId: number) => boolean): void {
    for (const pathId of [...this.#waiting.keys()]) {
      if (isMeant(pathId)) this.#waiting.delete(pathId);
    }
  }

  /** Lets paths wait for their end. */
  leave(pathIds: readonly number[]): void {
    this.#leaving.push(...pathIds);
  }

  /** Forgets who waits. */
  clear(): void {
    this.#waiting.clear();
    this.#leaving = [];
  }

  /** Takes paths of one family that are to be unhooked. */
  nextLeaving(ledger: PathLedger): readonly LedgerEntry[] {
    const batch: LedgerEntry[] = [];
    const later: number[] = [];
    for (const pathId of new Set(this.#leaving)) {
      const entry = ledger.get(pathId);
      if (entry?.state !== "kernel") continue;
      const isFull = batch.length === MAX_BATCH_PATHS;
      if (isFull || entry.family !== (batch[0] ?? entry).family) later.push(pathId);
      else batch.push(entry);
    }
    this.#leaving = later;
    return batch;
  }

  /**
   * Takes paths of one family that can be handed over, and notes them.
   *
   * @param ledger what the kernel has
   * @param blocks tells what is not to be handed over any more
   */
  nextWaiting(ledger: PathLedger, blocks: (path: NumberedPath["path"]) => boolean): NextBatch {
    const batch: NumberedPath[] = [];
    const refused: number[] = [];
    let family: OffloadFamily | undefined;
    let isHeldUp = false;
    for (const numbered of this.#waiting.values()) {
      const { pathId, path } = numbered;
      const claim: PathClaim = blocks(path) ? "taken" : ledger.claim(path);
      isHeldUp ||= claim === "busy";
      family ??= claim === "free" ? mediaPathFamily(path) : undefined;
      if (claim === "busy" || claim === "free" && mediaPathFamily(path) !== family) continue;
      this.#waiting.delete(pathId);
      if (claim === "taken") {
        refused.push(pathId);
        continue;
      }
      ledger.add(numbered);
      batch.push(numbered);
      if (batch.length === MAX_BATCH_PATHS) break;
    }
    return { batch, refused, isHeldUp };
  }
}

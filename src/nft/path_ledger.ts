import { type MediaPath, mediaPathFamily } from "../base/media_path.ts";
import { type NftCount, payloadCount } from "./counter_listing.ts";
import type { OffloadFamily } from "./offload_table.ts";
import { pathKey } from "./path_lines.ts";

/** A path with the number that the media isolate knows it by. */
export interface NumberedPath {
  readonly pathId: number;
  readonly path: MediaPath;
}

/** What the kernel relayed on a path since it was last told. */
export interface PathCount extends NftCount {
  readonly pathId: number;
}

/** A path in the kernel. */
export interface LedgerEntry extends NumberedPath {
  readonly family: OffloadFamily;
  /** `unhooked`: nothing enters any more, but its counters have not been read for the last time. */
  readonly state: "kernel" | "unhooked";
}

/** Whether a path can be handed over: `busy` until another one is forgotten, `taken` as long as that one lives. */
export type PathClaim = "free" | "busy" | "taken";

/** Packets that must have entered without one that left before a path counts as dead: fewer may be under way. */
const MIN_LOST_PACKETS = 3;

interface Row {
  readonly pathId: number;
  readonly path: MediaPath;
  readonly family: OffloadFamily;
  readonly keys: readonly string[];
  state: LedgerEntry["state"];
  /** Payload told so far. */
  packets: number;
  bytes: number;
  /** Packets at the last look for dead paths. */
  entered: number;
  left: number;
}

/** Which paths the kernel has, which of nft's elements they own, and what was counted of each. */
export class PathLedger {
  readonly #rows = new Map<number, Row>();
  /** Rows by element: two paths that share one would be one path for the kernel. */
  readonly #owners = new Map<string, Row>();

  /** Number of paths, those included that are being forgotten. */
  get size(): number {
    return this.#rows.size;
  }

  /** Paths of one family, or all. */
  entries(family?: OffloadFamily): readonly LedgerEntry[] {
    const rows = [...this.#rows.values()];
    return family === undefined ? rows : rows.filter((row) => row.family === family);
  }

  /** Finds a path. */
  get(pathId: number): LedgerEntry | undefined {
    return this.#rows.get(pathId);
  }

  /** Tells whether a path's elements are nobody else's. */
  claim(path: MediaPath): PathClaim {
    let claim: PathClaim = "free";
    for (const key of elementKeys(path)) {
      const owner = this.#owners.get(key);
      if (owner?.state === "kernel") return "taken";
      if (owner !== undefined) claim = "busy";
    }
    return claim;
  }

  /** Notes a path that is given to the kernel; nothing happens where its family is none. */
  add({ pathId, path }: NumberedPath): void {
    const family = mediaPathFamily(path);
    if (family === undefined) return;
    const keys = elementKeys(path);
    const counts = { packets: 0, bytes: 0, entered: 0, left: 0 };
    const row: Row = { pathId, path, family, keys, state: "kernel", ...counts };
    this.#rows.set(pathId, row);
    for (const key of keys) this.#owners.set(key, row);
  }

  /** Notes that nothing enters by a path any more. */
  unhook(pathId: number): void {
    const row = this.#rows.get(pathId);
    if (row !== undefined) row.state = "unhooked";
  }

  /** Drops a path. */
  forget(pathId: number): void {
    const row = this.#rows.get(pathId);
    if (row === undefined) return;
    this.#rows.delete(pathId);
    for (const key of row.keys) if (this.#owners.get(key) === row) this.#owners.delete(key);
  }

  /** Drops everything: the table is gone. */
  clear(): void {
    this.#rows.clear();
    this.#owners.clear();
  }

  /** Takes a listing of `dp`; gives what is new since the last one. */
  count(family: OffloadFamily, counters: ReadonlyMap<string, NftCount>): readonly PathCount[] {
    const news: PathCount[] = [];
    for (const row of this.#rows.values()) {
      const counter = row.family === family ? counters.get(pathKey("dp", row.path)) : undefined;
      if (counter === undefined) continue;
      const { packets, bytes } = payloadCount(counter, family);
      if (packets <= row.packets) continue;
      news.push({ pathId: row.pathId, packets: packets - row.packets, bytes: bytes - row.bytes });
      row.packets = packets;
      row.bytes = bytes;
    }
    return news;
  }

  /**
   * Takes a listing of `sp`, read after one of `dp` that was counted; tells paths by which packets entered, and none
   * left, since the last look.
   */
  judge(family: OffloadFamily, leaving: ReadonlyMap<string, NftCount>): PathJudgement {
    const dead: LedgerEntry[] = [];
    const alive: LedgerEntry[] = [];
    for (const row of this.#rows.values()) {
      const left = row.family === family ? leaving.get(pathKey("sp", row.path)) : undefined;
      if (left === undefined || row.state !== "kernel") continue;
      if (left.packets > row.left) alive.push(row);
      else if (row.packets - row.entered >= MIN_LOST_PACKETS) dead.push(row);
      row.entered = row.packets;
      row.left = left.packets;
    }
    return { dead, alive };
  }
}

/** What a look at all paths found; those that nothing entered by are in neither list. */
export interface PathJudgement {
  readonly dead: readonly LedgerEntry[];
  readonly alive: readonly LedgerEntry[];
}

function elementKeys(path: MediaPath): readonly string[] {
  return (["da", "dp", "sp", "sa"] as const).map((map) => `${map} ${pathKey(map, path)}`);
}

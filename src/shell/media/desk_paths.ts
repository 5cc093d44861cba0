import type { RelayEnd } from "../../rtp/relay_end.ts";

/** One path that the kernel has, or is to have. */
export interface DeskPath {
  readonly pathId: number;
  readonly end: RelayEnd;
  readonly outlet: RelayEnd | undefined;
  readonly text: string;
  /** Streams whose ports it uses: those of both ends. */
  readonly streamIds: readonly number[];
  /** `taken`: the daemon relays again, the last figures are still to come. */
  state: "handing" | "kernel" | "taking" | "taken";
  /** When packets were last known to pass. */
  aliveAtMs: number;
  /** Somebody else sends to its port. */
  hasStranger: boolean;
  /** Those of its streams that ended: none, one, or both of a local call. */
  readonly leftovers: Leftover[];
}

/** A stream that ended, and how many paths in the kernel still use its ports. */
export interface Leftover {
  paths: number;
  readonly free: () => void;
}

/** The paths of the desk: those in use by both of their ends, all of them by number. */
export class DeskPaths {
  readonly #byEnd = new Map<RelayEnd, DeskPath>();
  readonly #byOutlet = new Map<RelayEnd, DeskPath>();
  readonly #byId = new Map<number, DeskPath>();

  /** Takes a new one. */
  add(path: DeskPath): void {
    this.#byEnd.set(path.end, path);
    if (path.outlet !== undefined) this.#byOutlet.set(path.outlet, path);
    this.#byId.set(path.pathId, path);
  }

  /** The one in use that enters at an end. */
  at(end: RelayEnd): DeskPath | undefined {
    return this.#byEnd.get(end);
  }

  /** Any one, until it is forgotten. */
  get(pathId: number): DeskPath | undefined {
    return this.#byId.get(pathId);
  }

  /** All that are in use. */
  open(): readonly DeskPath[] {
    return [...this.#byEnd.values()];
  }

  /** Those in use that enter or leave at some ends, each once. */
  through(ends: readonly RelayEnd[]): readonly DeskPath[] {
    const paths = ends.flatMap((end) => [this.#byEnd.get(end), this.#byOutlet.get(end)]);
    return [...new Set(paths)].filter((path) => path !== undefined);
  }

  /** It is no longer in use; its last figures are still to come. */
  close(path: DeskPath): void {
    const { end, outlet } = path;
    if (this.#byEnd.get(end) === path) this.#byEnd.delete(end);
    if (outlet !== undefined && this.#byOutlet.get(outlet) === path) this.#byOutlet.delete(outlet);
  }

  /** Nothing more is counted of it. */
  forget(pathId: number): void {
    this.#byId.delete(pathId);
  }

  /** Forgets all. */
  clear(): void {
    this.#byEnd.clear();
    this.#byOutlet.clear();
    this.#byId.clear();
  }
}

/**
 * Frees the ports of ended streams that used a path and use no other one any more.
 *
 * @param path one that nothing enters any more
 */
export function release({ leftovers }: DeskPath): void {
  for (const leftover of leftovers.splice(0)) {
    leftover.paths--;
    if (leftover.paths === 0) leftover.free();
  }
}

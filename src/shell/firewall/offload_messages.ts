import type { NumberedPath, PathCount } from "../../nft/path_ledger.ts";

/** What the media isolate asks of the kernel. */
export type OffloadRequest =
  /** Both ends are known and nothing of these paths is the daemon's to look at. */
  | { readonly kind: "hand-over"; readonly paths: readonly NumberedPath[] }
  /** Answered by `taken`, after which a path's ports may serve another call. */
  | { readonly kind: "take-back"; readonly pathIds: readonly number[] }
  /** Fresh counters are wanted: a stranger knocks at a port whose own peer may have gone. */
  | { readonly kind: "count" };

/** What became of it. */
export type OffloadReport =
  /** Paths are taken from now on; the kernel has none. */
  | {
    readonly kind: "ready";
    /** The only media isolate that is to be told, because it is new; left out where all are. */
    readonly worker?: number;
  }
  /** The kernel has forgotten every path: the daemon's sockets receive again. */
  | { readonly kind: "gone" }
  | { readonly kind: "handed"; readonly pathIds: readonly number[] }
  /** These stay with the daemon. */
  | { readonly kind: "refused"; readonly pathIds: readonly number[] }
  /** Nothing enters by these any more, whether that was asked for or not. */
  | { readonly kind: "taken"; readonly pathIds: readonly number[] }
  /** What is new on all paths; one that is not named saw no packet. */
  | { readonly kind: "counted"; readonly counts: readonly PathCount[] }
  /** Nothing more will be counted of these. */
  | { readonly kind: "forgotten"; readonly pathIds: readonly number[] };

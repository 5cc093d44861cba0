import { parseIpAddress } from "../../base/ip_address.ts";
import type { Side, SocketAddress } from "../../base/socket_address.ts";
import type { OffloadRequest } from "./offload_messages.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import type { RelayLeg, RelayStream } from "../../rtp/relay_stream.ts";

/** What a firewall module must know of the streams, as it happens. */
export type StreamEvent =
  | {
    readonly kind: "start";
    readonly streamId: number;
    /** Own addresses with the RTP port; RTCP is one above. */
    readonly lan: SocketAddress;
    readonly wan: SocketAddress;
  }
  /** Where media of one side goes from now on: the announced address, later the locked source. */
  | { readonly kind: "peer"; readonly streamId: number; readonly side: Side; readonly peer: Peer }
  | { readonly kind: "stop"; readonly streamId: number }
  /** What the kernel may relay; told only after it said that it would. */
  | { readonly kind: "offload"; readonly request: OffloadRequest };

/** A peer, or that none is known (yet). */
type Peer = SocketAddress | undefined;

/** Tells the supervisor of streams, if it asked for it: without a firewall module nobody wants to know. */
export class StreamReports {
  readonly #post: (event: StreamEvent) => void;
  #mode: "silent" | "reported" = "silent";
  /** Peers that were told, by stream and side. */
  readonly #told = new Map<string, string>();

  constructor(post: (event: StreamEvent) => void) {
    this.#post = post;
  }

  /** Reports from now on, or no longer. */
  configure(mode: "silent" | "reported"): void {
    this.#mode = mode;
  }

  /** A stream's ports are in use. */
  start({ streamId, lan, wan }: RelayStream): void {
    if (this.#mode === "silent") return;
    this.#post({ kind: "start", streamId, lan: ownAddress(lan), wan: ownAddress(wan) });
  }

  /** Something was announced or locked: tells the peer of that side, if it is another one. */
  peer(end: Pick<RelayEnd, "streamId" | "side" | "component" | "target">): void {
    if (this.#mode === "silent" || end.component !== "rtp") return;
    const { streamId, side, target } = end;
    const key = `${streamId} ${side}`;
    const text = target === undefined ? "" : `${target.hostname} ${target.port}`;
    if ((this.#told.get(key) ?? "") === text) return;
    this.#told.set(key, text);
    const address = parseIpAddress(target?.hostname ?? "");
    const peer = address === undefined || target === undefined
      ? undefined
      : { address, port: target.port };
    this.#post({ kind: "peer", streamId, side, peer });
  }

  /** A stream's ports are free again. */
  stop({ streamId }: Pick<RelayStream, "streamId">): void {
    this.#told.delete(`${streamId} lan`);
    this.#told.delete(`${streamId} wan`);
    if (this.#mode === "reported") this.#post({ kind: "stop", streamId });
  }
}

function ownAddress({ bound }: Pick<RelayLeg, "bound">): SocketAddress {
  const { address, rtpPort } = bound.pair;
  return { address, port: rtpPort };
}

import type { IpAddress } from "../base/ip_address.ts";
import type { Side, SocketAddress, Transport } from "../base/socket_address.ts";
import type { PortPair, RelayParty } from "../rtp/relay_command.ts";

/** Who sent the request that a leg began with: one of our phones, or somebody outside. */
export type Direction = "outgoing" | "incoming";

/** One relayed media line of a leg. */
export interface CallStream {
  readonly streamId: number;
  /** Position of the m= line, from 0. */
  readonly mediaIndex: number;
  readonly payload: "rtp" | "other";
  readonly lanPair: PortPair;
  readonly wanPair: PortPair;
  /** What each side's SDP last announced; undefined before its first SDP. */
  readonly lanParty: RelayParty | undefined;
  readonly wanParty: RelayParty | undefined;
}

/** The phone's end of a leg, as needed to reach it after its binding changed or went. */
export interface LegPhone {
  readonly bindingId: string | undefined;
  /** Source address of its messages. */
  readonly address: IpAddress;
  /** Where requests for it go. */
  readonly target: SocketAddress;
  readonly transport: Transport;
  /** Its own Contact URI: the Request-URI of requests it gets. */
  readonly contactUri: string;
  /** Route values of the proxies between us and it, the nearest first: the outside never sees them. */
  readonly routes: readonly string[];
}

/**
 * One dialog as it passes through us between a phone and the outside (RFC 3261 §12).
 *
 * A call between two of our phones is two legs of one Call-ID: outgoing from the first, incoming to the second.
 */
export interface DialogRecord {
  readonly dialogId: string;
  readonly callId: string;
  readonly direction: Direction;
  /** From tag of the request that began it. */
  readonly initiatorTag: string;
  /** To tags of the answers; more than one when the far end forks: then the one whose 2xx came first stands first. */
  readonly responderTags: readonly string[];
  /** Method that began it: INVITE or SUBSCRIBE. */
  readonly method: string;
  /** CSeq number of the initiating method's last request, so that a late failure of an older one is told apart. */
  readonly initialCseq: number;
  readonly phone: LegPhone;
  /** Transport of the outside's end: what its Contact means when it names none. */
  readonly farTransport: Transport;
  /** The network that the outside's end was in when the leg began; it may be inside, as a phone or a PBX there. */
  readonly farSide: Side;
  readonly streams: readonly CallStream[];
  readonly phase: "early" | "confirmed" | "ending";
  readonly expiresAtMs: number;
}

/** A change to the dialog table. */
export type DialogChange =
  | { readonly kind: "put"; readonly dialog: DialogRecord }
  | { readonly kind: "end"; readonly dialogId: string };

/** Legs at most: ten times what a router core relays in user space; one is about 1 kB. */
export const MAX_DIALOGS = 10_000;

/** To tags kept of one leg: RFC 3261 forking rarely goes beyond a handful of branches. */
export const MAX_RESPONDER_TAGS = 8;

/**
 * Names a leg.
 *
 * @param direction who began it
 * @param identity Call-ID and From tag of the request that began it
 * @returns a key, unique over all legs
 */
export function dialogIdOf(
  direction: Direction,
  identity: { readonly callId: string; readonly initiatorTag: string },
): string {
  return `${direction}\n${identity.callId}\n${identity.initiatorTag}`;
}

/** All legs that are up, by leg and by media stream. */
export class DialogTable {
  readonly #byId = new Map<string, DialogRecord>();
  readonly #byStream = new Map<number, string>();

  /** Number of legs. */
  get size(): number {
    return this.#byId.size;
  }

  /** Whether one more leg would break the bound. */
  get isFull(): boolean {
    return this.#byId.size >= MAX_DIALOGS;
  }

  /** Finds a leg by its identity. */
  get(dialogId: string): DialogRecord | undefined {
    return this.#byId.get(dialogId);
  }

  /** Finds the leg that a media stream belongs to. */
  byStream(streamId: number): DialogRecord | undefined {
    const dialogId = this.#byStream.get(streamId);
    return dialogId === undefined ? undefined : this.#byId.get(dialogId);
  }

  /** Lists all legs. */
  all(): readonly DialogRecord[] {
    return [...this.#byId.values()];
  }

  /** Applies one change. */
  apply(change: DialogChange): void {
    const dialogId = change.kind === "put" ? change.dialog.dialogId : change.dialogId;
    for (const stream of this.#byId.get(dialogId)?.streams ?? []) {
      this.#byStream.delete(stream.streamId);
    }
    if (change.kind === "end") {
      this.#byId.delete(dialogId);
      return;
    }
    this.#byId.set(dialogId, change.dialog);
    for (const stream of change.dialog.streams) this.#byStream.set(stream.streamId, dialogId);
  }

  /** Lists the legs whose time has come. */
  expired(nowMs: number): readonly DialogRecord[] {
    const expired: DialogRecord[] = [];
    for (const dialog of this.#byId.values()) if (dialog.expiresAtMs <= nowMs) expired.push(dialog);
    return expired;
  }
}

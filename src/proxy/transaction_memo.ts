import { BoundedMap } from "../base/bounded_map.ts";
import type { Via } from "../sip/via.ts";
import type { Direction } from "./dialog_table.ts";
import type { Hop } from "./hop.ts";

/** What a forwarded request was turned into, so that its retransmissions, its CANCEL and its ACK follow it. */
export interface TransactionRecord {
  readonly direction: Direction;
  readonly hop: Hop;
  /** Request-URI as forwarded, or as a strict router gets it in the last Route. */
  readonly requestUri: string;
  readonly method: string;
  /** When it was first forwarded. */
  readonly sentAtMs: number;
  readonly bindingId: string | undefined;
  readonly dialogId: string | undefined;
}

/** RFC 3261 §17.1.1.2: a transaction's messages can come up to 64·T1 = 32 s apart, on either side of a ringing INVITE. */
const MEMO_LIFETIME_MS = 64_000;

/** Bounded against a flood: 16,384 records of about 300 bytes; the oldest goes first and costs only stickiness. */
const MAX_RECORDS = 16_384;

/** The memo of one daemon. */
export type TransactionMemo = BoundedMap<string, TransactionRecord>;

/** Makes an empty memo. */
export function createTransactionMemo(): TransactionMemo {
  return new BoundedMap({ maxEntries: MAX_RECORDS, lifetimeMs: MEMO_LIFETIME_MS });
}

/**
 * Names the transaction of a request: the same for retransmissions, CANCEL and the ACK to a failure (RFC 3261 §17.2.3).
 *
 * @param via the request's topmost Via
 * @param identity what tells transactions apart when the branch has no magic cookie (RFC 2543 peers)
 * @returns a key for the memo
 */
export function transactionKey(
  via: Via,
  identity: { readonly callId: string; readonly cseqNumber: number; readonly fromTag: string },
): string {
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ""}`;
  const scope = `${sentBy}\n${identity.callId}\n${identity.cseqNumber}`;
  return via.branch !== undefined && via.branch.startsWith("z9hG4bK")
    ? `${via.branch}\n${scope}`
    : `${identity.fromTag}\n${scope}`;
}

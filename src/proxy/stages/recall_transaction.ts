import type { RequestContext } from "../context.ts";
import { NEXT, type Verdict } from "../stage.ts";
import { transactionKey, type TransactionRecord } from "../transaction_memo.ts";

/** A request that is still repeated after so long has had no answer at all: RFC 3261 §17.1 stops repeating at the first. */
const SILENCE_MS = 3_000;

/**
 * Binds retransmissions, CANCEL and the ACK to a failure to what their request did (RFC 3261 §16.10, §16.11).
 *
 * @param context the run
 * @returns next; the context then knows direction, target and leg
 */
export function recallTransaction(context: RequestContext): Verdict {
  const { checked, state, env } = context;
  const key = transactionKey(checked.topmostVia, {
    callId: checked.callId,
    cseqNumber: checked.cseq.number,
    fromTag: checked.fromTag ?? "",
  });
  context.transactionKey = key;
  const record = state.memo.get(key, env.nowMs);
  if (record === undefined) return NEXT;
  if (isUnanswered(record, context)) {
    const { peer } = record.hop;
    context.actions.push({ kind: "peer-health", peer, health: "silent" });
  }
  context.recalled = record;
  context.direction = record.direction;
  context.hop = record.hop;
  context.binding = record.bindingId === undefined
    ? undefined
    : state.bindings.byId(record.bindingId);
  context.dialog = record.dialogId === undefined ? undefined : state.dialogs.get(record.dialogId);
  return NEXT;
}

/** The transaction itself stays with its server (only new ones may go elsewhere), but the server is known to be silent. */
function isUnanswered(record: TransactionRecord, context: RequestContext): boolean {
  const { method } = context.message;
  return record.direction === "outgoing" && record.method === method && method !== "ACK" &&
    context.env.nowMs - record.sentAtMs >= SILENCE_MS;
}

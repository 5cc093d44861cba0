import type { RequestContext } from "../context.ts";
import { NEXT, type Verdict } from "../stage.ts";
import { transactionKey } from "../transaction_memo.ts";

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
  const record = state.memo.get(key, env.nowMs);
  if (record === undefined) return NEXT;
  context.recalled = record;
  context.direction = record.direction;
  context.hop = record.hop;
  context.binding = record.bindingId === undefined ? undefined : state.bindings.byId(record.bindingId);
  context.dialog = record.dialogId === undefined ? undefined : state.dialogs.get(record.dialogId);
  return NEXT;
}

import { detachText } from "../../base/text.ts";
import { serializeMessage } from "../../sip/serialize_message.ts";
import type { RequestContext, ResponseContext } from "../context.ts";
import { drop, type Verdict } from "../stage.ts";
import { transactionKey } from "../transaction_memo.ts";

/**
 * Sends the request on, and remembers what became of it for the messages that belong to it (RFC 3261 §16.6 step 10).
 *
 * @param context the run
 * @returns done
 */
export function forwardRequest(context: RequestContext): Verdict {
  const { hop, direction, checked, message } = context;
  if (hop === undefined || direction === undefined) return drop("no-target");
  context.actions.push({ kind: "send", data: serializeMessage(message), hop });
  if (direction === "outgoing") context.actions.push({ kind: "know", peer: hop.peer.address });
  if (context.recalled !== undefined) return { kind: "done" };
  const key = transactionKey(checked.topmostVia, {
    callId: checked.callId,
    cseqNumber: checked.cseq.number,
    fromTag: checked.fromTag ?? "",
  });
  const record = {
    direction,
    hop,
    requestUri: detachText(message.requestUri),
    method: message.method,
    sentAtMs: context.env.nowMs,
    bindingId: context.binding?.bindingId,
    dialogId: context.dialog?.dialogId,
  };
  context.actions.push({ kind: "remember", key, record });
  return { kind: "done" };
}

/**
 * Sends the response on.
 *
 * @param context the run
 * @returns done
 */
export function forwardResponse(context: ResponseContext): Verdict {
  const { hop, message } = context;
  if (hop === undefined) return drop("no-target");
  context.actions.push({ kind: "send", data: serializeMessage(message), hop });
  return { kind: "done" };
}

import { setHeader } from "../../sip/headers.ts";
import type { RequestContext, ResponseContext } from "../context.ts";
import { dialogIdOf } from "../dialog_table.ts";
import { isObscured, obscureCallId } from "../obscured_call_id.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * `obscure_loops`: marks the Call-ID of what a phone's own calls send out, so that a switch outside that sends the call
 * back does not take both legs for one. Calls that began outside keep the Call-ID they came with.
 *
 * @param context the run
 * @returns next
 */
export function obscureRequest(context: RequestContext): Verdict {
  const { checked, direction, message } = context;
  const isOurs = context.dialog === undefined || context.dialog.direction === "outgoing";
  const isConcerned = direction === "outgoing" && isOurs && message.method !== "REGISTER";
  if (!context.config.sip.obscureLoops || !isConcerned) return NEXT;
  const tag = context.dialog?.initiatorTag ?? checked.fromTag;
  if (tag === undefined) return NEXT;
  context.message = setHeader(message, "Call-ID", obscureCallId(checked.callId, tag));
  return NEXT;
}

/**
 * Marks the answers to requests that came with a marked Call-ID: those within a call that a phone of ours began.
 *
 * @param context the run
 * @returns next
 */
export function obscureResponse(context: ResponseContext): Verdict {
  const { checked, direction, message } = context;
  if (!context.config.sip.obscureLoops || direction !== "outgoing") return NEXT;
  const { callId, toTag, cseq } = checked;
  if (toTag === undefined || cseq.method === "REGISTER") return NEXT;
  const dialogId = dialogIdOf("outgoing", { callId, initiatorTag: toTag });
  // The last answer of a call may be repeated after its leg is gone; siproxd marks every answer to a BYE.
  const isLate = cseq.method === "BYE" && !isObscured(callId);
  const isOurs = context.state.dialogs.get(dialogId) !== undefined || isLate;
  if (!isOurs) return NEXT;
  context.message = setHeader(message, "Call-ID", obscureCallId(callId, toTag));
  return NEXT;
}

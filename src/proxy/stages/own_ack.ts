import type { RequestContext } from "../context.ts";
import { ownTag } from "../reply.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

/**
 * Absorbs the ACK to a failure that we answered ourselves; its To tag proves it (RFC 3261 §17.2.1).
 *
 * @param context the run
 * @returns drop for such an ACK, else next
 */
export function absorbOwnAck(context: RequestContext): Verdict {
  const { checked } = context;
  if (context.message.method !== "ACK" || checked.toTag === undefined) return NEXT;
  const { callId, fromTag = "", cseq } = checked;
  const expected = ownTag({ callId, fromTag, cseqNumber: cseq.number }, context.env);
  return checked.toTag === expected ? drop("own-ack") : NEXT;
}

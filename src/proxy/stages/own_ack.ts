import { type RequestContext, sourceAddress } from "../context.ts";
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
  const identity = { callId, fromTag, cseqNumber: cseq.number };
  const source = sourceAddress(context);
  const expected = [ownTag({ ...identity, source }, context.env), ownTag(identity, context.env)];
  return expected.includes(checked.toTag) ? drop("own-ack") : NEXT;
}

import { setHeader } from "../../sip/headers.ts";
import { readMaxForwards } from "../../sip/max_forwards.ts";
import { answerOptions } from "../answer_options.ts";
import type { RequestContext } from "../context.ts";
import { reply } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/** RFC 3261 §16.6 step 3: what a request without Max-Forwards gets, and what an unusable value counts as. */
const DEFAULT_MAX_FORWARDS = 70;

/**
 * RFC 3261 §16.3 step 3: at zero an OPTIONS is answered, anything else refused; otherwise the number goes down by one.
 *
 * @param context the run
 * @returns reply 200 or 483, else next
 */
export function checkMaxForwards(context: RequestContext): Verdict {
  const maxForwards = readMaxForwards(context.message);
  if (maxForwards.kind === "value" && maxForwards.value === 0) {
    if (context.message.method !== "OPTIONS") return reply(context, { statusCode: 483 });
    return answerOptions(context);
  }
  const next = maxForwards.kind === "missing"
    ? DEFAULT_MAX_FORWARDS
    : (maxForwards.kind === "value" ? maxForwards.value : DEFAULT_MAX_FORWARDS) - 1;
  context.message = setHeader(context.message, "Max-Forwards", `${next}`);
  return NEXT;
}

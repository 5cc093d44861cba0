import { headerValue, setHeader, withStatus } from "../../sip/headers.ts";
import type { ResponseContext } from "../context.ts";
import { masqueradeContacts } from "../masquerade.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Shows the outside our address in place of the phone's; a redirection to somewhere else passes untouched.
 *
 * @param context the run
 * @returns next
 */
export function masqueradeResponse(context: ResponseContext): Verdict {
  if (context.direction === "incoming") {
    context.message = fixGrandstreamSubscribe(context);
    return NEXT;
  }
  const isRedirect = context.message.statusCode >= 300 && context.message.statusCode < 400;
  const foreign = isRedirect ? "keep" : "mask";
  context.message = masqueradeContacts(context.message, { context, foreign });
  const { uaString } = context.config.sip;
  if (uaString !== undefined) context.message = setHeader(context.message, "User-Agent", uaString);
  return NEXT;
}

/** A Grandstream phone that is told 202 asks for message waiting for ever; siproxd tells it 404 (row 68). */
function fixGrandstreamSubscribe(context: ResponseContext): ResponseContext["message"] {
  const { message, checked } = context;
  if (checked.cseq.method !== "SUBSCRIBE" || message.statusCode !== 202) return message;
  const agent = headerValue(message, "user-agent")?.toLowerCase() ?? "";
  if (!agent.startsWith("grandstream")) return message;
  return withStatus(message, { statusCode: 404, reasonPhrase: message.reasonPhrase });
}

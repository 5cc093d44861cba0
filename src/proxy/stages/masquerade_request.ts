import { setHeader } from "../../sip/headers.ts";
import type { RequestContext } from "../context.ts";
import { masqueradeContacts, masqueradeReferences } from "../masquerade.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Shows the outside our address in place of the phone's: Contact, Refer-To and the like, User-Agent.
 *
 * What comes in is already readdressed by the next-hop stage; the outside's own headers pass untouched.
 *
 * @param context the run
 * @returns next
 */
export function masqueradeRequest(context: RequestContext): Verdict {
  if (context.direction !== "outgoing") return NEXT;
  if (context.message.method !== "REGISTER") {
    context.message = masqueradeContacts(context.message, { context, foreign: "mask" });
  }
  context.message = masqueradeReferences(context.message, context);
  const { uaString } = context.config.sip;
  if (uaString !== undefined) context.message = setHeader(context.message, "User-Agent", uaString);
  return NEXT;
}

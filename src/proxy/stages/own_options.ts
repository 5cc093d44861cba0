import { parseUri } from "../../sip/uri.ts";
import { answerOptions } from "../answer_options.ts";
import type { RequestContext } from "../context.ts";
import { isOwnHostPort, RECORD_ROUTE_USER } from "../own_address.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §11.2: an OPTIONS for the proxy itself, that is our address without a phone's user part, is answered 200.
 *
 * @param context the run
 * @returns reply 200, else next
 */
export function answerOwnOptions(context: RequestContext): Verdict {
  if (context.message.method !== "OPTIONS") return NEXT;
  const uri = parseUri(context.message.requestUri);
  if (!uri.ok || uri.value.kind !== "sip") return NEXT;
  const { user } = uri.value;
  if (user !== undefined && user !== RECORD_ROUTE_USER) return NEXT;
  return isOwnHostPort(uri.value, context.env) ? answerOptions(context) : NEXT;
}

import type { RequestContext } from "../context.ts";
import { refuse, reply } from "../reply.ts";
import { asksOtherTransport } from "../secure_transport.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.3 step 2: a Request-URI whose scheme we do not understand is answered 416; `sips:` is never downgraded.
 *
 * @param context the run
 * @returns reply 416 or 503, else next
 */
export function checkUriScheme(context: RequestContext): Verdict {
  const uri = context.checked.requestUri;
  if (uri === undefined || uri.kind !== "sip" || uri.scheme === "sips") {
    return reply(context, { statusCode: 416 });
  }
  if (asksOtherTransport(uri)) {
    return refuse(context, { statusCode: 503, compatCode: 503 });
  }
  return NEXT;
}

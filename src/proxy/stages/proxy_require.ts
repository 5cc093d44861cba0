import { listValues, makeHeader } from "../../sip/headers.ts";
import type { RequestContext } from "../context.ts";
import { reply } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.3 step 5: an extension that the request wants its proxies to know is answered 420; we know none.
 *
 * @param context the run
 * @returns reply 420 with the option tags in Unsupported, else next
 */
export function checkProxyRequire(context: RequestContext): Verdict {
  const optionTags = listValues(context.message, "proxy-require").filter((tag) => tag !== "");
  if (optionTags.length === 0) return NEXT;
  const unsupported = makeHeader("Unsupported", optionTags.join(", "));
  return reply(context, { statusCode: 420, headers: [unsupported] });
}

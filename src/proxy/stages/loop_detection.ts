import { listValues } from "../../sip/headers.ts";
import { parseVia } from "../../sip/via.ts";
import type { RequestContext } from "../context.ts";
import { isOwnHostPort } from "../own_address.ts";
import { reply } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/** A call between two phones of ours passes us twice, so two own Vias below the top one are legal; a third is a loop. */
const MAX_OWN_VIAS = 2;

/**
 * RFC 3261 §16.3 step 4: a request that has come by here too often is answered 482.
 *
 * @param context the run
 * @returns reply 482, else next
 */
export function detectLoop(context: RequestContext): Verdict {
  const vias = listValues(context.message, "via");
  let ownVias = 0;
  for (let index = 1; index < vias.length && ownVias <= MAX_OWN_VIAS; index++) {
    const via = parseVia(vias[index] ?? "");
    if (via.ok && isOwnHostPort(via.value, context.env)) ownVias++;
  }
  return ownVias > MAX_OWN_VIAS ? reply(context, { statusCode: 482 }) : NEXT;
}

import { addressOfRecordKey } from "../../sip/uri.ts";
import type { RequestContext } from "../context.ts";
import { isUnregisteredCaller } from "../origin.ts";
import { refuse } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Refuses what belongs to nobody: an in-dialog request of no dialog 481, a stranger's callee 404 or 480, a caller that is
 * no registered phone 403, and everything outgoing while the outbound interface is down 503.
 *
 * @param context the run
 * @returns a reply, else next: the direction is known from here on
 */
export function admitRequest(context: RequestContext): Verdict {
  if (context.direction === "outgoing" && context.env.own.wan === undefined) {
    return refuse(context, { statusCode: 503, compatCode: 408 });
  }
  const isForeignCaller = context.direction === "incoming" && context.dialog === undefined &&
    context.recalled === undefined && isUnregisteredCaller(context);
  if (context.direction !== undefined && !isForeignCaller) return NEXT;
  return refuse(context, { statusCode: unknownCode(context), compatCode: 408 });
}

function unknownCode(context: RequestContext): number {
  const { toTag, requestUri, to } = context.checked;
  if (toTag !== undefined || context.message.method === "CANCEL") return 481;
  if (isUnregisteredCaller(context)) return 403;
  const { bindings } = context.state;
  const isKnown = [requestUri, to.uri].some((uri) =>
    uri.kind === "sip" && bindings.knownAddressOfRecord(addressOfRecordKey(uri))
  );
  return isKnown ? 480 : 404;
}

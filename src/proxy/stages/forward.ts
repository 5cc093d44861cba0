import { detachText } from "../../base/text.ts";
import { serializeMessage } from "../../sip/serialize_message.ts";
import type { RequestContext, ResponseContext } from "../context.ts";
import { type Carriage, carryRequest } from "../large_request.ts";
import type { Hop } from "../hop.ts";
import { countAttempt } from "../count_attempt.ts";
import { branchOf } from "../own_branch.ts";
import { retransmissionKey } from "../retransmissions.ts";
import { drop, type Verdict } from "../stage.ts";
import { forStrictRouter } from "../strict_route.ts";
import { transactionKey } from "../transaction_memo.ts";

/**
 * Sends the request on, and remembers what became of it for the messages that belong to it (RFC 3261 §16.6 step 10).
 *
 * @param context the run
 * @returns done
 */
export function forwardRequest(context: RequestContext): Verdict {
  const { direction, checked, message } = context;
  if (context.hop === undefined || direction === undefined) return drop("no-target");
  const carriage = carryRequest(context, {
    data: serializeMessage(forStrictRouter(message)),
    hop: context.hop,
  });
  if ("kind" in carriage) return carriage;
  const { hop } = carriage;
  context.actions.push({ kind: "send", ...carriage });
  if (direction === "outgoing") context.actions.push({ kind: "know", peer: hop.peer.address });
  if (context.recalled !== undefined) return { kind: "done" };
  const key = context.transactionKey ?? transactionKey(checked.topmostVia, {
    callId: checked.callId,
    cseqNumber: checked.cseq.number,
    fromTag: checked.fromTag ?? "",
  });
  if (isLeftToUs(context, hop)) repeat(context, carriage);
  const record = {
    direction,
    hop,
    requestUri: detachText(message.requestUri),
    method: message.method,
    sentAtMs: context.env.nowMs,
    bindingId: context.binding?.bindingId,
    dialogId: context.dialog?.dialogId,
  };
  context.actions.push({ kind: "remember", key, record });
  return { kind: "done" };
}

/** A sender on a stream does not repeat itself, but UDP may lose what we send (RFC 3261 §17.1). */
function isLeftToUs(context: RequestContext, hop: Hop): boolean {
  return context.input.connectionId !== undefined && hop.transport === "udp" &&
    context.message.method !== "ACK";
}

function repeat(context: RequestContext, carriage: Carriage): void {
  const { method } = context.message;
  const key = retransmissionKey(branchOf(context), method);
  const change = { kind: "start", key, request: { method, ...carriage } } as const;
  context.actions.push({ kind: "retransmit", change });
}

/**
 * Sends the response on.
 *
 * @param context the run
 * @returns done
 */
export function forwardResponse(context: ResponseContext): Verdict {
  const { hop, message } = context;
  if (hop === undefined) return drop("no-target");
  context.actions.push({ kind: "send", data: serializeMessage(message), hop });
  countAttempt(context, { registrar: "proxied", statusCode: message.statusCode });
  return { kind: "done" };
}

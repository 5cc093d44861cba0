import type { HeaderField } from "../sip/message.ts";
import { buildResponse } from "../sip/respond.ts";
import { type RequestContext, sourceAddress } from "./context.ts";
import type { Env } from "./env.ts";
import { drop, type Verdict } from "./stage.ts";

/** An answer of our own. */
export interface OwnAnswer {
  readonly statusCode: number;
  readonly headers?: readonly HeaderField[];
  /** `keep` carries out the actions gathered so far too (a registration); the default throws them away. */
  readonly keepActions?: "keep" | "discard";
}

/** Digits of our To tags: 64 bits, twice what RFC 3261 §19.3 asks for. */
const TAG_DIGITS = 16;

/**
 * Makes the To tag of our own answers: keyed, so that the ACK to one is known again without state.
 *
 * @param identity of the request, as its ACK repeats it
 * @param env gives the keyed hash
 * @returns 16 hex digits
 */
export function ownTag(
  identity: { readonly callId: string; readonly fromTag: string; readonly cseqNumber: number },
  env: Env,
): string {
  const text = `tag\n${identity.callId}\n${identity.fromTag}\n${identity.cseqNumber}`;
  return env.keyedHash(text).slice(0, TAG_DIGITS);
}

/**
 * Answers the request of a run, unless it is an ACK (RFC 3261 §8.2.7, §17.1.1.3) or a stranger over his budget.
 *
 * @param context the run
 * @param answer status and extra headers
 * @returns the verdict that ends the run
 */
export function reply(context: RequestContext, answer: OwnAnswer): Verdict {
  if (context.received.method === "ACK") return drop("ack-unmatched");
  if (isStranger(context)) {
    const source = sourceAddress(context);
    if (!context.state.answerBudget.allows(source, context.env.nowMs)) return drop("rate-limited");
  }
  const { callId, cseq, fromTag } = context.checked;
  const toTag = ownTag({ callId, fromTag: fromTag ?? "", cseqNumber: cseq.number }, context.env);
  const { statusCode, headers = [], keepActions = "discard" } = answer;
  const response = buildResponse(context.received, { statusCode, toTag, headers });
  return { kind: "reply", response, keepActions };
}

/**
 * Refuses a request with our code, or with siproxd's where `compat_responses` asks for it.
 *
 * @param context the run
 * @param codes ours, and what C siproxd would have said
 * @returns the verdict that ends the run
 */
export function refuse(
  context: RequestContext,
  codes: { readonly statusCode: number; readonly compatCode: 408 | 503 },
): Verdict {
  const statusCode = context.config.sip.compatResponses ? codes.compatCode : codes.statusCode;
  return reply(context, { statusCode });
}

/**
 * Tells whether the sender is an outbound source that nothing here depends on.
 *
 * @param context the run
 * @returns false for phones, registrars, proxies and peers of dialogs
 */
export function isStranger(context: RequestContext): boolean {
  if (context.side === "lan") return false;
  const source = sourceAddress(context);
  return !context.state.bindings.isPhone(source) &&
    context.state.knownPeers.get(source, context.env.nowMs) === undefined;
}

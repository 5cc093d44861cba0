import type { IpAddress } from "../base/ip_address.ts";
import type { HeaderField } from "../sip/message.ts";
import { buildResponse } from "../sip/respond.ts";
import { type RequestContext, sourceAddress } from "./context.ts";
import type { Env } from "./env.ts";
import { drop, type Verdict } from "./stage.ts";
import { isKnownSource } from "./standing.ts";
import type { Silence } from "./stranger_news.ts";

/** An answer of our own. */
export interface OwnAnswer {
  readonly statusCode: number;
  readonly headers?: readonly HeaderField[];
  /** `keep` carries out the actions gathered so far too (a registration); the default throws them away. */
  readonly keepActions?: "keep" | "discard";
}

/** Digits of our To tags: 64 bits, twice what RFC 3261 §19.3 asks for. */
const TAG_DIGITS = 16;

/** What the To tag of an answer of ours is made of. */
export interface TagIdentity {
  readonly callId: string;
  readonly fromTag: string;
  readonly cseqNumber: number;
  /** Who gets the answer; undefined for one that stands for a server that could not be reached. */
  readonly source?: IpAddress;
}

/**
 * Makes the To tag of our own answers: keyed, so that the ACK to one is known again without state, and with the address
 * that gets it, so that an ACK proves that its source does (nobody else can know the tag).
 *
 * @param identity of the request, as its ACK repeats it
 * @param env gives the keyed hash
 * @returns 16 hex digits
 */
export function ownTag(
  identity: TagIdentity,
  env: Env,
): string {
  const { callId, fromTag, cseqNumber, source } = identity;
  const receiver = source === undefined ? "" : `\n${source}`;
  const text = `tag\n${callId}\n${fromTag}\n${cseqNumber}${receiver}`;
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
    if (!context.state.answerBudget.allows(source, context.env.nowMs)) {
      return dropStranger(context, "rate-limited");
    }
  }
  const { callId, cseq, fromTag } = context.checked;
  const source = sourceAddress(context);
  const identity = { callId, fromTag: fromTag ?? "", cseqNumber: cseq.number, source };
  const toTag = ownTag(identity, context.env);
  const { statusCode, headers = [], keepActions = "discard" } = answer;
  const response = buildResponse(context.received, { statusCode, toTag, headers });
  return { kind: "reply", response, keepActions };
}

/**
 * Drops a stranger's request; the log names him once.
 *
 * @param context the run
 * @param silence why he gets no answer
 * @returns the verdict that ends the run
 */
export function dropStranger(context: RequestContext, silence: Silence): Verdict {
  const source = sourceAddress(context);
  const event = context.state.strangerNews.line(source, { silence, nowMs: context.env.nowMs });
  if (event !== undefined) context.actions.push({ kind: "log", event });
  context.actions.push({ kind: "charge", source, answer: "withheld" });
  return drop(silence);
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
  return context.side === "wan" && !isKnownSource(sourceAddress(context), context);
}

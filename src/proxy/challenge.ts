import { formatChallenge } from "../auth/challenge.ts";
import { makeNonce, type NonceWorld } from "../auth/nonce.ts";
import { offeredAlgorithms } from "../auth/passwords.ts";
import { socketAddressText } from "../base/socket_address.ts";
import { makeHeader } from "../sip/headers.ts";
import { addressOfRecordKey } from "../sip/uri.ts";
import { type RequestContext, sourceAddress } from "./context.ts";
import { isStranger, reply } from "./reply.ts";
import type { Verdict } from "./stage.ts";

/** Unpredictable digits of a nonce. */
const SALT_DIGITS = 8;

/** Digits of the names that tell phones and requests apart in tables: short, and of no fixed content. */
const NAME_DIGITS = 16;

/**
 * Gives what our nonces are made and checked with.
 *
 * @param context a run
 * @param realm our realm as it stands on the wire
 * @returns time, key, source and realm
 */
export function nonceWorld(context: RequestContext, realm: string): NonceWorld {
  const { nowMs, keyedHash } = context.env;
  return { nowMs, keyedHash, source: sourceAddress(context), realm };
}

/**
 * Names the phone that a REGISTER speaks for: several may sit behind one address.
 *
 * @param context a run of a REGISTER
 * @returns 16 hex digits
 */
export function phoneName(context: RequestContext): string {
  const text = `phone\n${sourceAddress(context)}\n${addressOfRecordKey(context.checked.to.uri)}`;
  return context.env.keyedHash(text).slice(0, NAME_DIGITS);
}

/**
 * Names a request so that its retransmissions have the same name and no other has (RFC 3261 §17.2.3).
 *
 * @param context a run
 * @returns 16 hex digits
 */
export function requestName(context: RequestContext): string {
  const { callId, cseq, topmostVia } = context.checked;
  const text = `request\n${callId}\n${cseq.number}\n${topmostVia.branch ?? ""}`;
  return context.env.keyedHash(text).slice(0, NAME_DIGITS);
}

/**
 * Names what a phone does to register once: all its requests to one registrar within one Call-ID, from one socket.
 *
 * @param context a run of a REGISTER
 * @returns 16 hex digits
 */
export function exchangeName(context: RequestContext): string {
  const { callId, requestUri, to } = context.checked;
  const place = socketAddressText(context.input.source);
  const text = `exchange\n${place}\n${requestUri.text}\n${addressOfRecordKey(to.uri)}\n${callId}`;
  return context.env.keyedHash(text).slice(0, NAME_DIGITS);
}

/**
 * Answers 407 with a nonce of our own: one challenge an algorithm that we can check, as RFC 8760 §2.3 has it.
 *
 * Strangers get one challenge only, since no answer to them may be larger than their request.
 *
 * @param context a run of a REGISTER
 * @param challenge our realm as it stands on the wire, and whether only the nonce was wrong
 * @returns the verdict that ends the run
 */
export function challengeRegister(
  context: RequestContext,
  challenge: { readonly realm: string; readonly reason: "first" | "stale" },
): Verdict {
  const nonce = makeNonce(
    nonceWorld(context, challenge.realm),
    context.env.randomHex(SALT_DIGITS),
  );
  const headers = challengeForms(context).map((form) =>
    makeHeader("Proxy-Authenticate", formatChallenge({ ...challenge, nonce, form }))
  );
  return reply(context, { statusCode: 407, headers, keepActions: "keep" });
}

function challengeForms(context: RequestContext): readonly ("MD5" | "SHA-256" | "plain")[] {
  const { state, env, config } = context;
  const offered = config.auth.algorithms ?? offeredAlgorithms(state.passwords);
  const form = state.auth.challenges.form(phoneName(context), env.nowMs);
  if (form === "plain" && offered.includes("MD5")) return ["plain"];
  return isStranger(context) ? offered.slice(0, 1) : offered;
}

import { sourceKey } from "../../base/source_key.ts";
import { checkDigest } from "../../auth/check_digest.ts";
import {
  type DigestCredentials,
  findCredentials,
  readCredentials,
} from "../../auth/credentials.ts";
import { MAX_FAILURES } from "../../auth/failed_attempts.ts";
import { judgeNonce } from "../../auth/nonce.ts";
import { detachText } from "../../base/text.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { getHeaders, removeHeaderWhere } from "../../sip/headers.ts";
import {
  challengeRegister,
  exchangeName,
  nonceWorld,
  phoneName,
  requestName,
} from "../challenge.ts";
import { type RequestContext, sourceAddress } from "../context.ts";
import { isForThisUri, mayRegister, nonceUse } from "../credentials_match.ts";
import { registrarPlace } from "../registrar_place.ts";
import { refuse, reply } from "../reply.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

const HEADER = "proxy-authorization";

/**
 * Asks for a password before a REGISTER is served, or, with scope `all`, before any REGISTER passes (RFC 3261 §22.3).
 *
 * @param context the run
 * @returns 407, 400, 403 or 503, drop for a source that guesses, need for a name, else next
 */
export function authenticateRegister(context: RequestContext): Verdict {
  const { realm, scope } = context.config.auth;
  if (realm === undefined || context.message.method !== "REGISTER") return NEXT;
  const place = scope === "all" ? "here" : registrarPlace(context);
  if (place === "elsewhere") return NEXT;
  return place === "here" ? demandPassword(context, realm) : place;
}

function demandPassword(context: RequestContext, realm: string): Verdict {
  const { state, env } = context;
  if (state.auth.failures.isBlocked(attacker(context), env.nowMs)) return drop("auth-blocked");
  if (state.passwords.kind === "unavailable") {
    count(context, "no-passwords");
    return refuse(context, { statusCode: 503, compatCode: 503 });
  }
  const values = getHeaders(context.message, HEADER).map(({ value }) => value);
  const reading = findCredentials(values, realm);
  const phone = phoneName(context);
  switch (reading.kind) {
    case "foreign": {
      const onward = answerToRegistrar(context);
      if (onward !== undefined) return onward;
      const change = { kind: "challenged", phone, request: requestName(context) } as const;
      context.actions.push({ kind: "auth", change });
      return challengeRegister(context, { realm, reason: "first" });
    }
    case "malformed":
      return refuseCredentials(context, reading.reason);
    case "digest":
      context.actions.push({ kind: "auth", change: { kind: "answered", phone } });
      return judgeCredentials(context, reading.credentials);
  }
}

/**
 * Lets the request on with which a phone that has just shown our password answers its registrar's challenge: some hold
 * one set of credentials at a time. Our own registrar stays closed to it.
 */
function answerToRegistrar(context: RequestContext): Verdict | undefined {
  const { state, env, message, checked, config } = context;
  if (config.auth.scope !== "all") return undefined;
  const event = { cseqNumber: checked.cseq.number, nowMs: env.nowMs };
  if (!state.auth.admissions.covers(exchangeName(context), event)) return undefined;
  const hasAnswer = message.headers.some(({ key }) => key === "authorization" || key === HEADER);
  const place = hasAnswer ? registrarPlace(context) : "here";
  if (place === "here") return undefined;
  return place === "elsewhere" ? NEXT : place;
}

function judgeCredentials(context: RequestContext, credentials: DigestCredentials): Verdict {
  const { realm, nonce, uri } = credentials;
  if (!isForThisUri(uri, context)) {
    return refuseCredentials(context, "Cannot use credentials: made for another Request-URI");
  }
  const { state, config } = context;
  const { method } = context.message;
  const accepted = config.auth.algorithms;
  switch (checkDigest(credentials, { method, passwords: state.passwords, accepted })) {
    case "unsupported":
      return challengeRegister(context, { realm, reason: "first" });
    case "wrong":
      return refusePassword(context, realm);
    case "right":
      break;
  }
  // RFC 7616 §3.3: stale says that the password was right, so it is said only after that was checked.
  return judgeNonce(nonce, nonceWorld(context, realm)) === "fresh"
    ? judgeUse(context, credentials)
    : challengeRegister(context, { realm, reason: "stale" });
}

/** The password is right and the nonce ours: is it used for the first time, and by its own user? */
function judgeUse(context: RequestContext, credentials: DigestCredentials): Verdict {
  const { realm, nonce, username } = credentials;
  const { state, env, checked, config } = context;
  const use = nonceUse(context, credentials);
  if (state.auth.nonces.judge(nonce, { ...use, nowMs: env.nowMs }) === "replay") {
    const text = `credentials were used before, now from ${sourceAddress(context)}`;
    log(context, { level: "warning", event: "auth.replay", text });
    count(context, "replay");
    return challengeRegister(context, { realm, reason: "stale" });
  }
  // One password for all proves no user, so that nothing can be compared then.
  if (state.passwords.kind === "users" && !mayRegister(username, checked.to.uri)) {
    const text = `user ${username} may not register ${checked.to.uri.text}`;
    log(context, { level: "warning", event: "auth.other-user", text });
    count(context, "other-user");
    return refuse(context, { statusCode: 403, compatCode: 503 });
  }
  context.actions.push({ kind: "auth", change: { kind: "used", nonce: detachText(nonce), use } });
  if (config.auth.scope === "all") {
    const exchange = exchangeName(context);
    const change = { kind: "admitted", exchange, cseqNumber: checked.cseq.number } as const;
    context.actions.push({ kind: "auth", change });
  }
  context.message = removeHeaderWhere(
    context.message,
    ({ key, value }) => key === HEADER && readCredentials(value, realm).kind === "digest",
  );
  return NEXT;
}

function refuseCredentials(context: RequestContext, text: string): Verdict {
  log(context, { level: "info", event: "auth.malformed", text });
  return reply(context, { statusCode: 400, keepActions: "keep" });
}

/** Unknown users get the same answer (R20); `compat_responses` gives siproxd's. */
function refusePassword(context: RequestContext, realm: string): Verdict {
  const { state, env, checked, config } = context;
  const source = attacker(context);
  const { uri } = checked.to;
  const name = uri.kind === "sip" ? `${uri.user ?? ""}@${uri.host}` : uri.opaque;
  for (
    const text of ["authenticate_proxy failed", `proxy authentication failed for ${name}`]
  ) log(context, { level: "warning", event: "auth.failed", text });
  if (state.auth.failures.failures(source, env.nowMs) + 1 === MAX_FAILURES) {
    const text = `too many wrong passwords from ${
      sourceAddress(context)
    }: not answered for a minute`;
    log(context, { level: "warning", event: "auth.blocked", text });
  }
  count(context, "wrong-password");
  context.actions.push({ kind: "auth", change: { kind: "failed", source } });
  if (!config.sip.compatResponses) return challengeRegister(context, { realm, reason: "first" });
  return reply(context, { statusCode: 503, keepActions: "keep" });
}

/** Whom wrong passwords are counted against. */
function attacker(context: RequestContext): string {
  return sourceKey(sourceAddress(context), context.side);
}

function log(
  context: RequestContext,
  event: Pick<LogEvent, "level" | "event"> & { readonly text: string },
): void {
  const fields = { source: sourceAddress(context) };
  context.actions.push({ kind: "log", event: { ...event, component: "auth", fields } });
}

function count(context: RequestContext, reason: string): void {
  context.actions.push({ kind: "count", counter: "registrations_refused", reason });
}

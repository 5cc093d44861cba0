import { hostText } from "../base/ip_address.ts";
import { decodeLatin1 } from "../base/text.ts";
import type { LogEvent } from "../log/log_event.ts";
import { parseCseq } from "../sip/cseq.ts";
import { fromTag } from "../sip/tags.ts";
import { buildMalformedResponse } from "../sip/respond.ts";
import { headerValue } from "../sip/headers.ts";
import { answerAction } from "./answer.ts";
import type { AnyContext } from "./context.ts";
import { countAttempt } from "./count_attempt.ts";
import type { ProxyInput } from "./input.ts";
import type { Action, Outcome } from "./outcome.ts";
import { arrivalSide } from "./own_address.ts";
import { requestStages, responseStages } from "./pipeline.ts";
import { showOwnReply } from "./own_reply.ts";
import { pluginWorld, rawPacket } from "./plugin_view.ts";
import { receive, type Refusal } from "./receive.ts";
import { isStranger, ownTag } from "./reply.ts";
import { NEXT, type Stage, type Verdict } from "./stage.ts";
import { isKnownSource } from "./standing.ts";
import type { World } from "./state.ts";

/** What a response begins with (RFC 3261 §7.2). */
const STATUS_LINE_START = "SIP/2.0 ";

/**
 * Runs one message through all stages.
 *
 * @param input the message as it came
 * @param world what the proxy knows and the world at this moment; read only
 * @returns actions to carry out, or what must be supplied before the same input is run again
 */
export function runPipeline(input: ProxyInput, world: World): Outcome {
  const { plugins } = world.state;
  if (!plugins.has("processRaw")) return runMessage(input, world);
  const passage = plugins.processRaw(rawPacket(input, world), pluginWorld(world));
  const { kind, actions } = passage;
  if (kind === "consume") return { kind: "done", actions };
  const outcome = runMessage(input, world);
  if (outcome.kind === "need" || actions.length === 0) return outcome;
  return { kind: "done", actions: [...actions, ...outcome.actions] };
}

function runMessage(input: ProxyInput, world: World): Outcome {
  const received = receive(input, world);
  if (!received.ok) {
    return { kind: "done", actions: refusalActions(received.error, { input, ...world }) };
  }
  const context = received.value;
  const verdict = context.kind === "request"
    ? runStages(requestStages, context)
    : runStages(responseStages, context);
  return finish(verdict, context);
}

function runStages<Context>(stages: readonly Stage<Context>[], context: Context): Verdict {
  for (const stage of stages) {
    const verdict = stage.run(context);
    if (verdict.kind !== "next") return verdict;
  }
  return NEXT;
}

function finish(verdict: Verdict, context: AnyContext): Outcome {
  switch (verdict.kind) {
    case "need":
      return verdict;
    case "drop":
      return { kind: "done", actions: [...reports(context), dropped(verdict.reason)] };
    case "reply":
      return { kind: "done", actions: replyActions(verdict, context) };
    case "next":
    case "done":
      return { kind: "done", actions: [...dialogActions(context), ...context.actions] };
  }
}

function dropped(reason: string): Action {
  return { kind: "count", counter: "sip_dropped", reason };
}

/** Actions of a message that was dropped or answered: what was said, and what plugins asked for. */
const REPORTS: ReadonlySet<Action["kind"]> = new Set(["log", "count", "plugin", "charge"]);

/** What is worth telling even when the message itself came to nothing. */
function reports(context: AnyContext): readonly Action[] {
  return context.actions.filter((action) => REPORTS.has(action.kind));
}

function dialogActions(context: AnyContext): readonly Action[] {
  const { dialog, state } = context;
  if (dialog === undefined || state.dialogs.get(dialog.dialogId) === dialog) return [];
  return [{ kind: "dialog", change: { kind: "put", dialog } }];
}

function replyActions(
  verdict: Extract<Verdict, { kind: "reply" }>,
  context: AnyContext,
): readonly Action[] {
  const answer = answerAction(verdict.response, context.input);
  countAttempt(context, { registrar: "local", statusCode: verdict.response.statusCode });
  const kept = verdict.keepActions === "keep" ? context.actions : reports(context);
  const { source, data } = context.input;
  const isForStranger = context.kind === "request" && isStranger(context);
  // R17: an answer larger than its request would make us an amplifier.
  if (isForStranger && answer.kind === "send" && answer.data.length > data.length) {
    return [dropped("amplification")];
  }
  const shown = showOwnReply(verdict.response, context);
  if (isForStranger) {
    return [...kept, answer, ...shown, { kind: "charge", source: source.address, answer: "sent" }];
  }
  const reason = `${verdict.response.statusCode}`;
  return [...kept, answer, ...shown, { kind: "count", counter: "sip_answered", reason }];
}

/** siproxd's words for who may not talk to us; log analysers block addresses by them. */
function denialOf(reason: string, { data, source }: ProxyInput): readonly Action[] {
  if (reason !== "access-denied") return [];
  const what = decodeLatin1(data.subarray(0, STATUS_LINE_START.length)) === STATUS_LINE_START
    ? "response"
    : "request";
  const text = `non-authorized ${what} received from ${hostText(source.address)}`;
  return [{
    kind: "log",
    event: { level: "warning", component: "access", event: "sip.denied", text },
  }];
}

/** A request that cannot be parsed or checked gets one stateless answer, if it says whom to answer. */
function refusalActions(
  refusal: Refusal,
  world: World & { readonly input: ProxyInput },
): readonly Action[] {
  const { input, state, env } = world;
  if (refusal.kind === "drop") return [dropped(refusal.reason), ...denialOf(refusal.reason, input)];
  const { partial, statusCode, reason } = refusal;
  // What the ACK to this answer will repeat, as far as it can be read, so that the ACK is known again.
  const cseq = parseCseq(headerValue(partial, "cseq") ?? "");
  const source = input.source.address;
  const identity = {
    callId: headerValue(partial, "call-id") ?? "",
    fromTag: fromTag(partial) ?? "",
    cseqNumber: cseq.ok ? cseq.value.number : 0,
    source,
  };
  const response = buildMalformedResponse(partial, { statusCode, toTag: ownTag(identity, env) });
  const isKnown = arrivalSide(input, { state, env }) === "lan" ||
    isKnownSource(source, { state, env });
  const mayAnswer = isKnown ||
    (state.config.sip.wanPeers === "any" && state.answerBudget.allows(source, env.nowMs));
  if (!response.ok || !mayAnswer) {
    return [dropped("malformed")];
  }
  const answer = answerAction(response.value, input);
  if (!isKnown && answer.kind === "send" && answer.data.length > input.data.length) {
    return [dropped("amplification")];
  }
  const fields = { source, reason };
  const event: LogEvent = { level: "info", component: "sip", event: "sip.malformed", fields };
  const actions: Action[] = [dropped("malformed"), { kind: "log", event }, answer];
  if (!isKnown) actions.push({ kind: "charge", source, answer: "sent" });
  return actions;
}

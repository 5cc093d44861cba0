import { headerValue, withBody } from "../../sip/headers.ts";
import { replacePart } from "../../sip/multipart.ts";
import type { SipMessage } from "../../sip/message.ts";
import type { AnyContext, RequestContext, ResponseContext } from "../context.ts";
import { type MediaOutcome, type PortShortage, relaySdp } from "../media_relay.ts";
import { refuse } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/** Requests whose session descriptions are relayed (RFC 3261, 3262, 3311); INFO and the rest pass as they are. */
const OFFER_METHODS: ReadonlySet<string> = new Set(["INVITE", "ACK", "PRACK", "UPDATE"]);

/** Requests whose 1xx and 2xx carry session descriptions. */
const ANSWER_METHODS: ReadonlySet<string> = new Set(["INVITE", "PRACK", "UPDATE"]);

/**
 * Puts the relay into a request's session description; an INVITE that can get no ports is refused with 503.
 *
 * @param context the run
 * @returns need for ports, reply 503, else next
 */
export function relayRequestMedia(context: RequestContext): Verdict {
  const { message } = context;
  if (!context.config.rtp.enabled || !OFFER_METHODS.has(message.method)) return NEXT;
  const shortage: PortShortage = message.method === "ACK" ? "switch-off" : "refuse";
  const edit = editDescription(message, { context, shortage });
  if (edit.outcome?.kind === "need") return needPairs(edit.outcome);
  if (edit.outcome?.kind === "no-ports") {
    reportShortage(context);
    return refuse(context, { statusCode: 503, compatCode: 503 });
  }
  context.message = edit.message;
  return NEXT;
}

/**
 * Puts the relay into a response's session description; lines that can get no ports are switched off.
 *
 * @param context the run
 * @returns need for ports, else next
 */
export function relayResponseMedia(context: ResponseContext): Verdict {
  const { message, checked } = context;
  const hasDescription = message.statusCode < 300 && ANSWER_METHODS.has(checked.cseq.method);
  if (!context.config.rtp.enabled || !hasDescription) return NEXT;
  const edit = editDescription(message, { context, shortage: "switch-off" });
  if (edit.outcome?.kind === "need") return needPairs(edit.outcome);
  context.message = edit.message;
  return NEXT;
}

function needPairs(missing: Extract<MediaOutcome, { kind: "need" }>): Verdict {
  const { pairs, families } = missing;
  return {
    kind: "need",
    need: { kind: "media-ports", lanPairs: pairs, wanPairs: pairs, families },
  };
}

interface Edit<Message> {
  readonly message: Message;
  /** Undefined when the message carries no session description. */
  readonly outcome: MediaOutcome | undefined;
}

function editDescription<Message extends SipMessage>(
  message: Message,
  job: { readonly context: AnyContext; readonly shortage: PortShortage },
): Edit<Message> {
  if (message.body === "") return { message, outcome: undefined };
  const contentType = headerValue(message, "content-type") ?? "";
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  let outcome: MediaOutcome | undefined;
  const edit = (body: string): string | undefined => {
    outcome = relaySdp({ body, shortage: job.shortage }, job.context);
    reportUntouched(outcome, job.context);
    return outcome.kind === "rewritten" ? outcome.body : undefined;
  };
  if (mediaType.startsWith("multipart/")) {
    const body = replacePart(message.body, {
      contentType,
      mediaType: "application/sdp",
      replace: edit,
    });
    return { message: body.ok ? withBody(message, body.value) : message, outcome };
  }
  if (mediaType !== "application/sdp" && mediaType !== "") return { message, outcome };
  const body = edit(message.body);
  return { message: body === undefined ? message : withBody(message, body), outcome };
}

function reportUntouched(outcome: MediaOutcome, context: AnyContext): void {
  if (outcome.kind !== "untouched") return;
  const fields = { callId: context.checked.callId, reason: outcome.reason };
  const text = "unable to sdp_message_parse body";
  const event = {
    level: "error",
    component: "media",
    event: "sdp.untouched",
    text,
    fields,
  } as const;
  context.actions.push({ kind: "log", event });
}

function reportShortage(context: AnyContext): void {
  const { portLow, portHigh } = context.config.rtp;
  const fields = { portLow, portHigh, callId: context.checked.callId };
  const text = "rtp_relay_start_fwd: no RTP port available or bind() failed: " +
    `enlarge rtp_port_low … rtp_port_high (now ${portLow} … ${portHigh}, one call takes two ports a side)`;
  const event = { level: "error", component: "media", event: "rtp.no_port", text, fields } as const;
  context.actions.push({ kind: "log", event }, { kind: "count", counter: "media_ports_exhausted" });
}

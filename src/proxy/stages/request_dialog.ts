import type { IpAddress } from "../../base/ip_address.ts";
import type { Transport } from "../../base/socket_address.ts";
import { detachText } from "../../base/text.ts";
import { headerValue } from "../../sip/headers.ts";
import { type RequestContext, sourceAddress } from "../context.ts";
import { dialogIdOf, type DialogRecord } from "../dialog_table.ts";
import { networkSide } from "../own_address.ts";
import { BYE_LIFETIME_MS, CONFIRMED_LIFETIME_MS, EARLY_LIFETIME_MS } from "../dialog_life.ts";
import { isLostBranch } from "../lost_branch.ts";
import { legPhone, refreshPhone } from "../leg_phone.ts";
import { refuse } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/** Methods whose dialogs we follow: calls for their media, subscriptions for their notifications. */
const DIALOG_METHODS: ReadonlySet<string> = new Set(["INVITE", "SUBSCRIBE"]);

/** Methods that may carry a session description inside a call whose beginning we did not see (a restart). */
const SESSION_METHODS: ReadonlySet<string> = new Set(["ACK", "PRACK", "UPDATE"]);

/**
 * Begins, continues or marks as ending the leg that a request belongs to (RFC 3261 §12, §15).
 *
 * @param context the run
 * @returns 503 when the table is full, else next
 */
export function trackRequestDialog(context: RequestContext): Verdict {
  const { message, state } = context;
  if (context.dialog !== undefined) {
    context.dialog = continueDialog(context.dialog, context);
    return NEXT;
  }
  if (!beginsDialog(context)) return NEXT;
  const dialogId = newDialogId(context);
  const known = dialogId === undefined ? undefined : state.dialogs.get(dialogId);
  if (known !== undefined) {
    context.dialog = continueDialog(known, context);
    return NEXT;
  }
  if (state.dialogs.isFull && message.method !== "ACK") {
    return refuse(context, { statusCode: 503, compatCode: 503 });
  }
  context.dialog = state.dialogs.isFull ? undefined : beginDialog(context);
  return NEXT;
}

function beginsDialog(context: RequestContext): boolean {
  const { message, checked } = context;
  if (DIALOG_METHODS.has(message.method)) return true;
  // Nobody answers an ACK: whoever invents one outside would keep the ports that it asks for.
  if (message.method === "ACK" && context.direction === "incoming") return false;
  return checked.toTag !== undefined && SESSION_METHODS.has(message.method) && message.body !== "";
}

function newDialogId(context: RequestContext): string | undefined {
  const { direction, checked } = context;
  if (direction === undefined) return undefined;
  return dialogIdOf(direction, { callId: checked.callId, initiatorTag: checked.fromTag ?? "" });
}

function beginDialog(context: RequestContext): DialogRecord | undefined {
  const { direction, checked, message, env } = context;
  const dialogId = newDialogId(context);
  const phone = legPhone(context);
  if (dialogId === undefined || direction === undefined || phone === undefined) return undefined;
  const confirmed = checked.toTag !== undefined;
  return {
    dialogId,
    callId: detachText(checked.callId),
    direction,
    initiatorTag: detachText(checked.fromTag ?? ""),
    responderTags: checked.toTag === undefined ? [] : [detachText(checked.toTag)],
    method: message.method === "SUBSCRIBE" ? "SUBSCRIBE" : "INVITE",
    initialCseq: checked.cseq.number,
    phone,
    farTransport: farTransport(context),
    farSide: networkSide(farAddress(context), env.own),
    streams: [],
    phase: confirmed ? "confirmed" : "early",
    expiresAtMs: env.nowMs + (confirmed ? CONFIRMED_LIFETIME_MS : EARLY_LIFETIME_MS),
  };
}

function farAddress(context: RequestContext): IpAddress {
  const source = sourceAddress(context);
  return context.direction === "incoming" ? source : context.hop?.peer.address ?? source;
}

function farTransport(context: RequestContext): Transport {
  return context.direction === "incoming"
    ? context.input.listenPoint.transport
    : context.hop?.transport ?? "udp";
}

function continueDialog(dialog: DialogRecord, context: RequestContext): DialogRecord {
  const { message, checked, env } = context;
  if (message.method === "BYE") {
    if (dialog.phase === "ending" || isLostBranch(dialog, checked)) return dialog;
    return { ...dialog, phase: "ending", expiresAtMs: env.nowMs + BYE_LIFETIME_MS };
  }
  if (message.method !== dialog.method && message.method !== "UPDATE") return dialog;
  const phone = context.direction === "outgoing"
    ? refreshPhone(dialog.phone, context)
    : dialog.phone;
  const isInitial = checked.toTag === undefined;
  const initialCseq = isInitial ? checked.cseq.number : dialog.initialCseq;
  const isRepeat = initialCseq === dialog.initialCseq && isInitial;
  if (isRepeat) return dialog;
  const lifetimeMs = dialog.phase === "early" ? EARLY_LIFETIME_MS : CONFIRMED_LIFETIME_MS;
  if (dialog.method === "SUBSCRIBE" && headerValue(message, "expires") === "0") return dialog;
  return { ...dialog, phone, initialCseq, expiresAtMs: env.nowMs + lifetimeMs };
}

import { detachText } from "../../base/text.ts";
import type { ResponseContext } from "../context.ts";
import {
  dialogIdOf,
  type DialogRecord,
  type Direction,
  MAX_RESPONDER_TAGS,
} from "../dialog_table.ts";
import { CONFIRMED_LIFETIME_MS, EARLY_LIFETIME_MS } from "../dialog_life.ts";
import { endDialog } from "../end_dialog.ts";
import { learnRoutes, refreshPhone } from "../leg_phone.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Follows a leg through the answers: tags of a 1xx, confirmation by a 2xx, end by the INVITE's failure or by the final
 * answer to a BYE other than a challenge (RFC 3261 §12.1, §13.2.2, §15.1).
 *
 * @param context the run
 * @returns next
 */
export function trackResponseDialog(context: ResponseContext): Verdict {
  // A response without proof that we asked for it may change nothing, not even where media goes.
  const dialog = context.trust === "verified" ? findDialog(context) : undefined;
  if (dialog === undefined) return NEXT;
  context.dialog = dialog;
  const { bindingId } = dialog.phone;
  context.binding = bindingId === undefined ? undefined : context.state.bindings.byId(bindingId);
  const { method } = context.checked.cseq;
  if (method === dialog.method) followInitial(dialog, context);
  if (method === "BYE") followBye(dialog, context);
  return NEXT;
}

function findDialog(context: ResponseContext): DialogRecord | undefined {
  const { callId, fromTag, toTag } = context.checked;
  const { dialogs } = context.state;
  const find = (began: Direction, tag: string | undefined) =>
    tag === undefined ? undefined : dialogs.get(dialogIdOf(began, { callId, initiatorTag: tag }));
  return context.direction === "incoming"
    ? find("outgoing", fromTag) ?? find("incoming", toTag)
    : find("incoming", fromTag) ?? find("outgoing", toTag);
}

function followInitial(dialog: DialogRecord, context: ResponseContext): void {
  const { statusCode } = context.message;
  const { checked, env } = context;
  const fromInitiator = checked.fromTag === dialog.initiatorTag;
  if (statusCode >= 300) {
    const isCurrent = checked.cseq.number >= dialog.initialCseq;
    if (dialog.phase === "early" && fromInitiator && isCurrent) endDialog(dialog, context);
    return;
  }
  if (statusCode === 100) return;
  const responderTags = fromInitiator
    ? withTag(dialog.responderTags, checked.toTag)
    : dialog.responderTags;
  const phone = context.direction === "outgoing"
    ? learnRoutes(refreshPhone(dialog.phone, context), context)
    : dialog.phone;
  if (statusCode < 200) {
    if (dialog.phase !== "early") return;
    context.dialog = {
      ...dialog,
      phone,
      responderTags,
      expiresAtMs: env.nowMs + EARLY_LIFETIME_MS,
    };
    return;
  }
  const phase = dialog.phase === "ending" ? "ending" : "confirmed";
  const expiresAtMs = phase === "ending" ? dialog.expiresAtMs : env.nowMs + CONFIRMED_LIFETIME_MS;
  context.dialog = { ...dialog, phone, responderTags, phase, expiresAtMs };
}

function withTag(tags: readonly string[], tag: string | undefined): readonly string[] {
  if (tag === undefined || tags.includes(tag) || tags.length >= MAX_RESPONDER_TAGS) return tags;
  return [...tags, detachText(tag)];
}

function followBye(dialog: DialogRecord, context: ResponseContext): void {
  const { statusCode } = context.message;
  if (statusCode < 200) return;
  if (statusCode !== 401 && statusCode !== 407) {
    endDialog(dialog, context);
    return;
  }
  const expiresAtMs = context.env.nowMs + CONFIRMED_LIFETIME_MS;
  context.dialog = { ...dialog, phase: "confirmed", expiresAtMs };
}

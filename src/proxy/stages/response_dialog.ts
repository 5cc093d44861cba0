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
import { isLostBranch } from "../lost_branch.ts";
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
  if (isInvented(dialog, context)) endDialog(dialog, context);
  else if (method === dialog.method) followInitial(dialog, context);
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

/** A leg that began inside a call which the other party does not know: a stranger can invent it, and must not keep its ports. */
function isInvented(dialog: DialogRecord, { message, checked }: ResponseContext): boolean {
  // A CANCEL has the CSeq number of its INVITE, and finds nothing once that is answered (RFC 3261 §9.2).
  if (checked.cseq.method === "CANCEL") return false;
  return message.statusCode === 481 && dialog.phase === "confirmed" &&
    checked.fromTag === dialog.initiatorTag && checked.cseq.number === dialog.initialCseq;
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
    ? withTag(dialog, { tag: checked.toTag, isAnswer: statusCode >= 200 })
    : dialog.responderTags;
  const phone = context.direction === "outgoing" && !isLostBranch(dialog, checked)
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

/** Whoever answers a call stands first among those that rang; his tag is kept in any case. */
function withTag(
  { method, phase, responderTags: tags }: DialogRecord,
  answer: { readonly tag: string | undefined; readonly isAnswer: boolean },
): readonly string[] {
  const { tag, isAnswer } = answer;
  if (tag === undefined) return tags;
  if (isAnswer && phase === "early" && method === "INVITE" && tags[0] !== tag) {
    const others = tags.filter((other) => other !== tag);
    return [detachText(tag), ...others].slice(0, MAX_RESPONDER_TAGS);
  }
  if (tags.includes(tag) || tags.length >= MAX_RESPONDER_TAGS) return tags;
  return [...tags, detachText(tag)];
}

function followBye(dialog: DialogRecord, context: ResponseContext): void {
  const { statusCode } = context.message;
  if (statusCode < 200 || isLostBranch(dialog, context.checked)) return;
  if (statusCode !== 401 && statusCode !== 407) {
    endDialog(dialog, context);
    return;
  }
  const expiresAtMs = context.env.nowMs + CONFIRMED_LIFETIME_MS;
  context.dialog = { ...dialog, phase: "confirmed", expiresAtMs };
}

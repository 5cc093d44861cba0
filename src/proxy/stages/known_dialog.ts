import type { RequestContext } from "../context.ts";
import { dialogIdOf, type DialogRecord, type Direction } from "../dialog_table.ts";
import { sourceAddress } from "../context.ts";
import { cameBack, isFromThisHost } from "../origin.ts";
import { NEXT, type Verdict } from "../stage.ts";

interface Candidate {
  readonly dialog: DialogRecord;
  readonly direction: Direction;
}

/**
 * Matches an in-dialog request to its leg by Call-ID and both tags (RFC 3261 §12.2): the surest knowledge there is.
 *
 * A call between two phones of ours has two legs of one Call-ID; the source tells which of them is meant.
 *
 * @param context the run
 * @returns next; the context then knows leg, direction and binding
 */
export function findDialog(context: RequestContext): Verdict {
  if (context.direction !== undefined || context.checked.toTag === undefined) return NEXT;
  const candidates = findCandidates(context);
  const source = sourceAddress(context);
  const isIncoming = (candidate: Candidate) =>
    candidate.direction === "incoming" &&
    (candidates.length > 1 || candidate.dialog.phone.address !== source);
  const found =
    candidates.find((candidate) =>
      candidate.direction === "outgoing" && isFromPhone(candidate.dialog, context)
    ) ?? (isFromOutside(context) ? candidates.find(isIncoming) : undefined);
  if (found === undefined) return NEXT;
  context.dialog = found.dialog;
  context.direction = found.direction;
  const bindingId = found.dialog.phone.bindingId;
  context.binding = bindingId === undefined ? undefined : context.state.bindings.byId(bindingId);
  return NEXT;
}

function findCandidates(context: RequestContext): readonly Candidate[] {
  const { callId, fromTag = "", toTag = "" } = context.checked;
  const { dialogs } = context.state;
  const candidates: Candidate[] = [];
  const tryLeg = (began: Direction, tags: { initiator: string; responder: string }) => {
    const dialog = dialogs.get(dialogIdOf(began, { callId, initiatorTag: tags.initiator }));
    if (dialog === undefined || !isParty(dialog, tags.responder)) return;
    const fromInitiator = tags.initiator === fromTag;
    const phoneIsInitiator = began === "outgoing";
    candidates.push({
      dialog,
      direction: fromInitiator === phoneIsInitiator ? "outgoing" : "incoming",
    });
  };
  tryLeg("outgoing", { initiator: fromTag, responder: toTag });
  tryLeg("incoming", { initiator: fromTag, responder: toTag });
  tryLeg("outgoing", { initiator: toTag, responder: fromTag });
  tryLeg("incoming", { initiator: toTag, responder: fromTag });
  return candidates;
}

/** A phone whose own leg has ended is no far end of another phone's leg: its request goes out and comes back. */
function isFromOutside(context: RequestContext): boolean {
  return context.side === "wan" || cameBack(context) || isFromThisHost(context);
}

function isParty(dialog: DialogRecord, responderTag: string): boolean {
  return dialog.responderTags.length === 0 || dialog.responderTags.includes(responderTag);
}

function isFromPhone(dialog: DialogRecord, context: RequestContext): boolean {
  const source = sourceAddress(context);
  return dialog.phone.address === source ||
    (context.side === "lan" && context.state.bindings.isPhone(source));
}

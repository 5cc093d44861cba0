import type { DialogRecord } from "./dialog_table.ts";

/**
 * Tells whether a message belongs to a branch of a far end that forks which another branch was faster than.
 *
 * A call is with whom answered first; the caller acknowledges further answers and hangs up on them at once
 * (RFC 3261 §13.2.2.4), and what a branch still says early may overtake the answer. Neither may move the call's media or
 * end it.
 *
 * @param dialog the leg
 * @param tags of the message
 * @returns true once the leg is answered, for a responder other than the one that did it
 */
export function isLostBranch(
  dialog: DialogRecord,
  tags: { readonly fromTag: string | undefined; readonly toTag: string | undefined },
): boolean {
  if (dialog.phase === "early") return false;
  const responder = tags.fromTag === dialog.initiatorTag ? tags.toTag : tags.fromTag;
  const [answered] = dialog.responderTags;
  return responder !== undefined && answered !== undefined && responder !== answered;
}

import type { AnyContext } from "./context.ts";
import type { DialogRecord } from "./dialog_table.ts";
import type { Action } from "./outcome.ts";

/**
 * Ends a leg in a run: its media stops and its record goes once the run has ended well.
 *
 * @param dialog the leg
 * @param context the run
 */
export function endDialog(dialog: DialogRecord, context: AnyContext): void {
  context.actions.push(...endingActions(dialog));
  context.dialog = undefined;
}

/**
 * Lists what ends a leg.
 *
 * @param dialog the leg
 * @returns a close for each of its streams, then the end of its record
 */
export function endingActions(dialog: DialogRecord): readonly Action[] {
  const closes = dialog.streams.map(({ streamId }): Action => ({
    kind: "relay",
    command: { kind: "close", streamId },
  }));
  return [...closes, { kind: "dialog", change: { kind: "end", dialogId: dialog.dialogId } }];
}

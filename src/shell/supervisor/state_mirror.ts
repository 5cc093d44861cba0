import type { DialogRecord } from "../../proxy/dialog_table.ts";
import type { Binding } from "../../registrar/binding.ts";
import type { JournalBatch, StateSnapshot } from "../protocol.ts";

/** The supervisor's copy of what the signalling isolate remembers: what its successor starts from. */
export class StateMirror {
  readonly #bindings = new Map<string, Binding>();
  readonly #dialogs = new Map<string, DialogRecord>();

  /** Number of bindings, expired ones that the isolate has not swept yet included. */
  get bindings(): number {
    return this.#bindings.size;
  }

  /** Begins with the registrations of the file. */
  restore(bindings: readonly Binding[]): void {
    for (const binding of bindings) this.#bindings.set(binding.bindingId, binding);
  }

  /** Follows the isolate. */
  apply(batch: JournalBatch): void {
    for (const change of batch.bindings) {
      if (change.kind === "bind") this.#bindings.set(change.binding.bindingId, change.binding);
      else this.#bindings.delete(change.bindingId);
    }
    for (const change of batch.dialogs) {
      if (change.kind === "put") this.#dialogs.set(change.dialog.dialogId, change.dialog);
      else this.#dialogs.delete(change.dialogId);
    }
  }

  /** Copies everything, for a new isolate or a save. */
  snapshot(): StateSnapshot {
    return { bindings: [...this.#bindings.values()], dialogs: [...this.#dialogs.values()] };
  }
}

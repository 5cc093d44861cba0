/**
 * What has to be undone when a test run ends, however it ends.
 *
 * Keeps a stack of undo actions and runs them in reverse order, also after SIGINT and SIGTERM. It
 * does not know what the actions undo. Called by everything that starts a process or a namespace.
 *
 * @module
 */

const actions: Map<number, () => Promise<void>> = new Map();
let nextId = 1;

/** Registers an undo action; the returned function runs it once and forgets it. */
export function onCleanup(action: () => Promise<void>): () => Promise<void> {
  const id = nextId++;
  actions.set(id, action);
  return async () => {
    if (!actions.delete(id)) return;
    await action();
  };
}

/** Runs every undo action that is left, newest first; one that fails does not stop the others. */
export async function cleanUp(): Promise<void> {
  for (const [id, action] of [...actions].reverse()) {
    actions.delete(id);
    try {
      await action();
    } catch (error) {
      console.error(`cleanup: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Makes Ctrl-C and a polite kill leave nothing behind. */
export function cleanUpOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      cleanUp().finally(() => Deno.exit(130));
    });
  }
}

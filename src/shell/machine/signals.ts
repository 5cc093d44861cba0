/** What the signals of a daemon do. */
export interface SignalActions {
  /** TERM and INT. */
  readonly onStop: (signal: "SIGTERM" | "SIGINT") => void;
  /** HUP. */
  readonly onReload: () => void;
  /** USR1. */
  readonly onStatistics: () => void;
  /** USR2. */
  readonly onMemory: () => void;
}

/**
 * Listens for the signals siproxd knows; PIPE is ignored, a reader of our output may go away.
 *
 * @param actions what each one does
 * @returns a function that stops listening
 */
export function handleSignals(actions: SignalActions): () => void {
  const listeners: readonly (readonly [Deno.Signal, () => void])[] = [
    ["SIGTERM", () => actions.onStop("SIGTERM")],
    ["SIGINT", () => actions.onStop("SIGINT")],
    ["SIGHUP", () => actions.onReload()],
    ["SIGUSR1", () => actions.onStatistics()],
    ["SIGUSR2", () => actions.onMemory()],
    ["SIGPIPE", () => {}],
  ];
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  };
}

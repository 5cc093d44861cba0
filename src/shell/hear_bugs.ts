/** Where errors that nothing caught are heard of. */
export type ErrorSource = Pick<EventTarget, "addEventListener" | "removeEventListener">;

/**
 * Hears of errors and rejections that nothing caught.
 *
 * @param source the global scope of the process or of a Worker
 * @param onBug takes the stack; `keep` keeps the isolate alive, `die` lets the runtime end it as usual
 * @returns a function that stops listening
 */
export function hearBugs(
  source: ErrorSource,
  onBug: (stack: string) => "keep" | "die",
): () => void {
  const listener = (event: Event): void => {
    if (onBug(stackOf(event)) === "keep") event.preventDefault();
  };
  source.addEventListener("error", listener);
  source.addEventListener("unhandledrejection", listener);
  return () => {
    source.removeEventListener("error", listener);
    source.removeEventListener("unhandledrejection", listener);
  };
}

function stackOf(event: Event): string {
  const reason: unknown = event instanceof PromiseRejectionEvent
    ? event.reason
    : event instanceof ErrorEvent
    ? event.error ?? event.message
    : event.type;
  return reason instanceof Error ? reason.stack ?? reason.message : String(reason);
}

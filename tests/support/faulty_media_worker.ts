import "../../src/shell/media/media_worker.ts";
import type { SupervisorToMedia } from "../../src/shell/media_protocol.ts";

/** The real media isolate with a bug: asking for its figures kills it. */
self.addEventListener("message", (event: MessageEvent<SupervisorToMedia>) => {
  if (event.data.kind === "statistics") queueMicrotask(() => fail());
});

function fail(): never {
  throw new Error("injected throw");
}

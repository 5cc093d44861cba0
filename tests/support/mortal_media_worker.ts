import "../../src/shell/media/media_worker.ts";
import type { SupervisorToMedia } from "../../src/shell/media_protocol.ts";

let worker = 0;

/** The real media isolate with a bug: the second one dies of being asked for its figures, or hangs. */
self.addEventListener("message", ({ data }: MessageEvent<SupervisorToMedia>) => {
  if (data.kind === "configure") worker = data.config.share?.worker ?? 0;
  if (worker === 0 || data.kind !== "statistics") return;
  if (new URL(import.meta.url).search === "?hang") hang();
  queueMicrotask(() => fail());
});

function fail(): never {
  throw new Error("injected throw");
}

/** Deno cannot stop an isolate that spins: it gives up by itself after the test. */
function hang(): void {
  const endMs = performance.now() + 8_000;
  while (performance.now() < endMs);
}

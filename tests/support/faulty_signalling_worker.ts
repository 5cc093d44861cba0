import "../../src/shell/signalling_worker.ts";

/**
 * The real signalling isolate with a bug that a test can set off: a datagram to the port of `?port=` says what happens.
 * Every instance binds the port, the newest one gets the datagrams.
 */
const port = Number(new URL(import.meta.url).searchParams.get("port"));
const control = Deno.listenDatagram({
  transport: "udp",
  hostname: "127.0.0.1",
  port,
  reuseAddress: true,
});

/** Long enough for the watchdog of a test, short enough not to burn a core for the rest of the run. */
const HANG_MS = 4000;

for await (const [data] of control) {
  const what = new TextDecoder().decode(data);
  if (what === "throw") queueMicrotask(() => fail());
  if (what === "reject") void Promise.reject(new Error("injected rejection"));
  if (what === "hang") hang();
}

function fail(): never {
  throw new Error("injected throw");
}

function hang(): void {
  const endMs = performance.now() + HANG_MS;
  while (performance.now() < endMs);
}

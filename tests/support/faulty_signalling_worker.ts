import "../../src/shell/signalling/signalling_worker.ts";
import type { ToSignalling } from "../../src/shell/protocol.ts";

/**
 * The real signalling isolate with bugs that a test can set off: a datagram to 127.0.0.1 and the port that `ua_string`
 * of its configuration names says which. Every instance binds that port, the newest one gets the datagrams.
 */

/** Long enough for the watchdog of a test, short enough not to burn a core for the rest of the run. */
const HANG_MS = 4000;

self.addEventListener("message", (event: MessageEvent<ToSignalling>) => {
  if (event.data.kind === "configure") {
    listenForFaults(Number(event.data.setup.config.sip.uaString));
  }
});

async function listenForFaults(port: number): Promise<void> {
  const options = { transport: "udp", hostname: "127.0.0.1", port, reuseAddress: true } as const;
  const control = Deno.listenDatagram(options);
  for (;;) {
    const [data] = await control.receive();
    const fault = new TextDecoder().decode(data);
    if (fault === "throw") queueMicrotask(() => fail());
    if (fault === "reject") void Promise.reject(new Error("injected rejection"));
    if (fault === "hang") hang();
  }
}

function fail(): never {
  throw new Error("injected throw");
}

function hang(): void {
  const endMs = performance.now() + HANG_MS;
  while (performance.now() < endMs);
}

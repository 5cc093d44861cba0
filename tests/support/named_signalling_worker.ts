import "../../src/shell/signalling/signalling_worker.ts";
import type { ToSignalling } from "../../src/shell/protocol.ts";

/** The real signalling isolate in a world where every name is the outbound proxy's: nothing asks a real name server. */

self.addEventListener("message", (event: MessageEvent<ToSignalling>) => {
  if (event.data.kind !== "configure") return;
  const { host = "127.0.0.1", port = 5060 } = event.data.setup.config.sip.outboundProxy ?? {};
  const resolveDns = (name: string, type: string): Promise<unknown> => {
    if (type === "A") return Promise.resolve([host]);
    const isSip = /^_sip\._(?:udp|tcp)\./.test(name);
    const srv = { priority: 1, weight: 1, port, target: "server.example" };
    return Promise.resolve(type === "SRV" && isSip ? [srv] : []);
  };
  Object.defineProperty(Deno, "resolveDns", { value: resolveDns });
});

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";

const FAULTY = import.meta.resolve("../support/faulty_signalling_worker.ts");

/** Watchdog of the tests: five silent questions are a second. */
const PING_INTERVAL_MS = 200;

async function startFaulty() {
  const port = findFreePorts(["127.0.0.1"], 1) ?? 0;
  const daemon = await startLoopbackDaemon({
    modules: { signalling: `${FAULTY}?port=${port}`, pingIntervalMs: PING_INTERVAL_MS },
  });
  return { daemon, control: { hostname: "127.0.0.1", port } };
}

for (const fault of ["throw", "reject", "hang"]) {
  Deno.test(`Supervisor replaces a signalling isolate that meets a ${fault}`, async () => {
    const { daemon, control } = await startFaulty();
    const phone = new SipPeer("127.11.0.2");
    match(await phone.optionsAnswered(daemon.lan) ?? "", /^SIP\/2\.0 200 /);
    await phone.send(fault, control);
    const isLost = () => daemon.logs.some(({ event }) => event === "isolate.lost");
    while (!isLost()) await new Promise((resolve) => setTimeout(resolve, 20));
    phone.clear();
    match(await phone.optionsAnswered(daemon.lan, 5000) ?? "no answer", /^SIP\/2\.0 200 /);
    await daemon.supervisor.stop();
    phone.close();
  });
}

Deno.test("Supervisor.stop() ends the service within a second", async () => {
  const daemon = await startLoopbackDaemon();
  const startMs = performance.now();
  await daemon.supervisor.stop();
  ok(performance.now() - startMs < 1000);
  const phone = new SipPeer("127.11.0.2");
  strictEqual(await phone.optionsAnswered(daemon.lan, 200), undefined);
  phone.close();
});

Deno.test("Supervisor.start() says which port is taken", async () => {
  const first = await startLoopbackDaemon();
  const lines = [`sip_listen_port = ${first.lan.port}`];
  const second = await startLoopbackDaemon({ lines }).then(
    () => "started",
    (error: unknown) => error instanceof Error ? error.message : String(error),
  );
  await first.supervisor.stop();
  match(second, /^Cannot listen on 127\.11\.0\.1:\d+\/udp: Address already in use/);
});

Deno.test("Supervisor.statistics() counts what came in", async () => {
  const daemon = await startLoopbackDaemon();
  const phone = new SipPeer("127.11.0.2");
  await phone.optionsAnswered(daemon.lan);
  const { signalling, media } = await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual(
    {
      received: signalling?.counters.get("sip_received"),
      sent: signalling?.counters.get("sip_sent"),
      streams: media?.live.length,
    },
    { received: 1, sent: 1, streams: 0 },
  );
});

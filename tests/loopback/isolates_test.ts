import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { startFaultyDaemon } from "../support/faulty_daemon.ts";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";

/** First lines of what a crash report shows. */
const STACKS = { throw: "Error: injected throw", reject: "Error: injected rejection" } as const;

for (const fault of ["throw", "reject", "hang"] as const) {
  Deno.test(`Supervisor replaces a signalling isolate that meets a ${fault}`, async () => {
    const daemon = await startFaultyDaemon(fault === "hang" ? "quick" : "patient");
    const phone = new SipPeer("127.11.0.2");
    match(await phone.optionsAnswered(daemon.lan) ?? "", /^SIP\/2\.0 200 /);
    await daemon.fail(fault);
    phone.clear();
    match(await phone.optionsAnswered(daemon.lan, 5000) ?? "no answer", /^SIP\/2\.0 200 /);
    await daemon.supervisor.stop();
    phone.close();
    const stacks = daemon.crashes.map(({ where, stack }) => [where, stack.split("\n", 1)[0]]);
    deepStrictEqual(stacks, fault === "hang" ? [] : [["signalling", STACKS[fault]]]);
  });
}

Deno.test("Supervisor replaces a media isolate that dies, and SIP is served all the time", async () => {
  const media = import.meta.resolve("../support/faulty_media_worker.ts");
  const daemon = await startLoopbackDaemon({ modules: { media } });
  const phone = new SipPeer("127.11.0.2");
  const isLost = () => daemon.logs.some(({ event }) => event === "isolate.lost");
  while (!isLost()) await daemon.supervisor.statistics();
  match(await phone.optionsAnswered(daemon.lan) ?? "", /^SIP\/2\.0 200 /);
  let report: unknown;
  while (report === undefined) report = (await daemon.supervisor.probeJail()).media;
  const lost = daemon.logs.filter(({ event }) => event === "isolate.lost");
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual(lost.map(({ fields }) => fields?.["isolate"]), ["media"]);
});

Deno.test("Supervisor.stop() ends the service at once", async () => {
  const daemon = await startLoopbackDaemon();
  const startMs = performance.now();
  await daemon.supervisor.stop();
  // A busy machine may take its time; what is never waited for is a time-out (the shortest one is six seconds).
  ok(performance.now() - startMs < 5000);
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
  await phone.send(phone.options(daemon.lan), daemon.lan);
  match((await phone.next(10_000))?.text ?? "no answer", /^SIP\/2\.0 200 /);
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

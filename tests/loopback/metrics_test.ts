import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { startProcess } from "../support/daemon_process.ts";
import { startCall } from "../support/live_call.ts";
import { type ParsedFamily, parsePrometheus } from "../support/prometheus_parser.ts";

const LAN = "127.12.0.1";
const WAN = "127.22.0.1";

/** Longest wait for figures that come with the next report of an isolate. */
const PATIENCE_MS = 20_000;

type Families = ReadonlyMap<string, ParsedFamily>;

/** Adds up the samples that have these labels. */
function sum(families: Families, name: string, labels: Readonly<Record<string, string>>): number {
  const samples = families.get(`siproxd_${name}`)?.samples ?? [];
  return samples
    .filter((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
    .reduce((total, { value }) => total + value, 0);
}

Deno.test("the metrics of a daemon tell a known call: messages, registrations, media, clocks", async () => {
  const folder = Deno.makeTempDirSync();
  const port = findFreePorts([LAN, WAN, "127.0.0.1"], 2) ?? 0;
  const mediaPort = findFreePorts([LAN, WAN], 20) ?? 0;
  const file = `${folder}/siproxd.conf`;
  Deno.writeTextFileSync(
    file,
    [
      `if_inbound = ${LAN}`,
      `if_outbound = ${WAN}`,
      `sip_listen_port = ${port}`,
      `rtp_port_low = ${mediaPort}`,
      `rtp_port_high = ${mediaPort + 19}`,
      `metrics_listen = ${port + 1}`,
      `registration_file = ${folder}/registrations`,
      "",
    ].join("\n"),
  );
  const daemon = startProcess(["-c", file]);
  await daemon.said(" started");
  const read = async () => {
    const answer = await fetch(`http://127.0.0.1:${port + 1}/metrics`);
    return parsePrometheus(await answer.text());
  };
  const before = await read();
  const call = await startCall({ hostname: LAN, port });
  await call.talk();
  await call.hangUp();
  const endMs = performance.now() + PATIENCE_MS;
  let after = await read();
  const ended = () => sum(after, "rtp_loss_ratio", {}) > 0 && sum(after, "calls_total", {}) > 0;
  while (!ended() && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    after = await read();
  }
  call.close();
  daemon.child.kill("SIGTERM");
  await daemon.ended;
  Deno.removeSync(folder, { recursive: true });
  strictEqual(sum(before, "sip_messages_total", {}), 0);
  judgeMessages(after);
  judgeMedia(after);
});

/** What a registration, a call and a BYE from outside are counted as. */
function judgeMessages(after: Families): void {
  const messages = (labels: Readonly<Record<string, string>>) =>
    sum(after, "sip_messages_total", labels);
  for (const method of ["REGISTER", "INVITE", "ACK", "BYE"]) {
    const [received, sent] = [{ dir: "received", method }, { dir: "sent", method }];
    deepStrictEqual([messages(received), messages(sent)], [1, 1], method);
  }
  strictEqual(messages({ dir: "received", side: "lan", method: "INVITE", transport: "udp" }), 1);
  strictEqual(messages({ dir: "sent", side: "wan", method: "INVITE" }), 1);
  strictEqual(messages({ dir: "received", side: "wan", method: "BYE" }), 1);
  // REGISTER, INVITE and BYE are each answered by a 200, which goes through.
  deepStrictEqual([messages({ dir: "received", class: "2xx" }), messages({ class: "5xx" })], [
    3,
    0,
  ]);
  deepStrictEqual(after.get("siproxd_register_attempts_total")?.samples, [{
    name: "siproxd_register_attempts_total",
    labels: { registrar: "proxied", code: "200" },
    value: 1,
  }]);
}

/** What a second of speech each way is counted as, and that all isolates tell how late they are. */
function judgeMedia(after: Families): void {
  ok(sum(after, "rtp_lock_total", { how: "announced" }) >= 2);
  for (const dir of ["from_phones", "from_internet"]) {
    const count = (name: string) =>
      after.get(`siproxd_${name}`)?.samples.find((sample) =>
        sample.name.endsWith("_count") && sample.labels["dir"] === dir
      )?.value;
    deepStrictEqual([count("rtp_loss_ratio"), count("rtp_jitter_seconds")], [1, 1], dir);
  }
  const lags = after.get("siproxd_event_loop_lag_seconds")?.samples ?? [];
  deepStrictEqual(lags.map(({ labels }) => labels["isolate"]), [
    "supervisor",
    "signalling",
    "media",
  ]);
  ok(lags.every(({ value }) => value >= 0 && value < 60));
  strictEqual(sum(after, "calls_total", { direction: "outgoing", outcome: "answered" }), 1);
}

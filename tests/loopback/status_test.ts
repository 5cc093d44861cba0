import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { runStatus } from "../../src/cli/commands/status.ts";
import { startProcess } from "../support/daemon_process.ts";
import { acceptText, registerText } from "../support/sip_registrations.ts";
import { SipPeer } from "../support/sip_peer.ts";

const LAN = "127.15.0.1";
const WAN = "127.25.0.1";

/** Asks by the command, as an operator does, with the same file as the daemon. */
async function ask(file: string, output: "text" | "json"): Promise<string> {
  let text = "";
  const io = {
    out: (more: string) => void (text += more),
    err: (more: string) => void (text += more),
  };
  await runStatus({ from: { configFile: file, overrides: [] }, output }, io);
  return text;
}

Deno.test("siproxd status and the metrics endpoint tell of a running daemon", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/siproxd.conf`;
  const [port = 0, metricsPort = 0] = [findFreePorts([LAN, WAN, "127.0.0.1"], 2) ?? 0].flatMap((
    first,
  ) => [first, first + 1]);
  Deno.writeTextFileSync(
    file,
    `if_inbound = ${LAN}\nif_outbound = ${WAN}\nsip_listen_port = ${port}\nsilence_log = 4\n` +
      `registration_file = ${folder}/registrations\nmetrics_listen = ${metricsPort}\n`,
  );
  const daemon = startProcess(["-c", file]);
  await daemon.said(" started");
  const phone = new SipPeer("127.15.0.2");
  const registrar = new SipPeer("127.25.0.2");
  await phone.send(registerText(phone, registrar), { hostname: LAN, port });
  const register = await registrar.next();
  await registrar.send(acceptText(register?.text ?? ""), { hostname: WAN, port });
  await phone.next();
  // The binding is journalled within 200 ms.
  while (!(await ask(file, "text")).includes("Registrations: 1")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const text = await ask(file, "text");
  const report: unknown = JSON.parse(await ask(file, "json"));
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const after = await ask(file, "text");
  for (const peer of [phone, registrar]) peer.close();
  Deno.removeSync(folder, { recursive: true });
  match(
    text,
    /^siproxd \S+, pid \d+, up \d+ s, \d+ MB\nAddresses: .*\nRegistrations: 1\n {2}alice@\S+ {2}127\.15\.0\.2:\d+\/udp {2}registered at 127\.25\.0\.2:\d+ {2}expires in (?:9|10) min\nCalls: 0\n/,
  );
  const { registrations, counters, program } = Object(report);
  deepStrictEqual(
    [registrations.length, counters.sip_received, program.pid],
    [1, 2, daemon.child.pid],
  );
  match(metrics, /\nsiproxd_registrations 1\n/);
  const received = 'siproxd_sip_messages_total{dir="received",side="lan",transport="udp",';
  strictEqual(metrics.includes(`\n${received}method="REGISTER"} 1\n`), true);
  strictEqual(code, 0);
  deepStrictEqual(left, ["registrations", "siproxd.conf"]);
  match(after, /^siproxd: Cannot reach a running siproxd: \S+siproxd\.sock: not there; /);
});

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { headerValue, uriIn } from "../../src/cli/demo/sip_text.ts";
import { startProcess } from "../support/daemon_process.ts";
import { acceptText, registerText } from "../support/sip_registrations.ts";
import { SipPeer } from "../support/sip_peer.ts";

const LAN = "127.12.0.1";
const WAN = "127.22.0.1";

/** Arguments for a daemon between two loopback addresses, the same as lines of a file, and where it serves. */
function arrange(settings: readonly string[] = []) {
  const port = findFreePorts([LAN, WAN, "127.0.0.1"], 1) ?? 0;
  const all = [
    "silence_log=0",
    `if_inbound=${LAN}`,
    `if_outbound=${WAN}`,
    `sip_listen_port=${port}`,
    ...settings,
  ];
  return {
    lan: { hostname: LAN, port },
    lines: all,
    args: ["-c", "/dev/null", ...all.flatMap((setting) => ["--set", setting])],
  };
}

Deno.test("runDaemon() starts, tells what it does, answers signals and ends with 0", async () => {
  const folder = Deno.makeTempDirSync();
  const pidFile = `${folder}/siproxd.pid`;
  const registrations = `${folder}/registrations`;
  const { args, lan } = arrange([`pid_file=${pidFile}`, `registration_file=${registrations}`]);
  const daemon = startProcess(args);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  const answer = await phone.optionsAnswered(lan);
  phone.close();
  const pid = Deno.readTextFileSync(pidFile);
  for (const signal of ["SIGPIPE", "SIGHUP"] as const) daemon.child.kill(signal);
  await daemon.said("SIGHUP");
  daemon.child.kill("SIGUSR1");
  await daemon.said("signalling: sip_received=");
  daemon.child.kill("SIGUSR2");
  await daemon.said("memory: rss=");
  const stopAtMs = performance.now();
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  const tookMs = performance.now() - stopAtMs;
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
  Deno.removeSync(folder, { recursive: true });
  match(answer ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual([code, pid, left], [0, `${daemon.child.pid}\n`, ["registrations"]]);
  ok(tookMs < 1000, `${tookMs} ms`);
  for (
    const line of [
      /INFO:siproxd siproxd-\S+ \S+ \S+ starting up\n/,
      new RegExp(`INFO:siproxd bound to port ${lan.port}\n`),
      new RegExp(`INFO:siproxd Enter in each phone: outbound proxy ${LAN}, port ${lan.port}, `),
      /INFO:siproxd siproxd-\S+ started\n/,
      /INFO:siproxd properly terminating siproxd\n$/,
    ]
  ) match(log, line);
});

Deno.test("runDaemon() finds the registrations again after a kill", async () => {
  const folder = Deno.makeTempDirSync();
  const { args, lan } = arrange([`registration_file=${folder}/registrations`]);
  const wan = { hostname: WAN, port: lan.port };
  const phone = new SipPeer("127.12.0.2");
  const registrar = new SipPeer("127.22.0.2");
  const first = startProcess(args);
  await first.said(" started");
  await phone.send(registerText(phone, registrar), lan);
  const register = await registrar.next();
  await registrar.send(acceptText(register?.text ?? ""), wan);
  await phone.next();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  first.child.kill("SIGKILL");
  await first.ended;
  const second = startProcess(args);
  await second.said(" started");
  const contact = uriIn(headerValue(register?.text ?? "", "Contact"));
  await registrar.send(registrar.options(wan).replace(/^OPTIONS \S+/, `OPTIONS ${contact}`), wan);
  const ring = await phone.next();
  second.child.kill("SIGTERM");
  await second.ended;
  for (const peer of [phone, registrar]) peer.close();
  Deno.removeSync(folder, { recursive: true });
  match(ring?.text ?? "nothing", new RegExp(`^OPTIONS sip:alice@127\\.12\\.0\\.2:${phone.port}`));
});

Deno.test("runDaemon() ends with 1 and one line when its port is taken", async () => {
  const { args } = arrange();
  const first = startProcess(args);
  await first.said(" started");
  const second = await startProcess(args).ended;
  first.child.kill("SIGINT");
  const { code } = await first.ended;
  const complaints = second.log.split("\n").filter((line) => line.includes("ERROR"));
  deepStrictEqual([code, second.code, complaints.length], [0, 1, 1]);
  match(
    complaints[0] ?? "",
    /Cannot listen on 127\.12\.0\.1:\d+\/udp: Address already in use.*aborting$/,
  );
});

Deno.test("runDaemon() serves the other side while an interface is missing", async () => {
  const { args, lan } = arrange(["if_outbound=nosuch0"]);
  const daemon = startProcess(args);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  const answer = await phone.optionsAnswered(lan);
  phone.close();
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  strictEqual(code, 0);
  match(answer ?? "", /^SIP\/2\.0 200 /);
  match(log, /WARNING:shell if_outbound: can't find interface nosuch0 - configuration error\?/);
});

Deno.test("runDaemon() says so when a reload names an interface that is not there", async () => {
  const { lines } = arrange();
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/siproxd.conf`;
  Deno.writeTextFileSync(path, lines.join("\n"));
  const daemon = startProcess(["-c", path]);
  await daemon.said(" started");
  Deno.writeTextFileSync(path, [...lines, "if_outbound=nosuch0"].join("\n"));
  daemon.child.kill("SIGHUP");
  await daemon.said("SIGHUP: configuration read");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  Deno.removeSync(folder, { recursive: true });
  strictEqual(code, 0);
  match(log, /WARNING:shell if_outbound: can't find interface nosuch0 - configuration error\?/);
});

Deno.test({
  name: "runDaemon() refuses to stay root when its user is unknown",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const { code, log } = await startProcess(arrange(["user=no_such_user"]).args).ended;
    strictEqual(code, 1);
    match(log, /ERROR:siproxd Cannot switch to user "no_such_user": no such account\n/);
  },
});

Deno.test({
  name: "runDaemon() becomes its user in every thread",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const daemon = startProcess(arrange(["user=nobody"]).args);
    await daemon.said(" started");
    const { pid } = daemon.child;
    const users = new Set<string>();
    for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
      const status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
      users.add(/^Uid:\s+(.*)$/m.exec(status)?.[1] ?? "");
    }
    daemon.child.kill("SIGTERM");
    const { code } = await daemon.ended;
    deepStrictEqual([code, [...users]], [0, ["65534\t65534\t65534\t65534"]]);
  },
});

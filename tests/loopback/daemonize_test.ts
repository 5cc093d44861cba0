import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { startProcess } from "../support/daemon_process.ts";
import { awaitEnd, findProcessPlace, PROCESS_LAN } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { SyslogDaemon } from "../support/syslog_daemon.ts";

/** Process group and session of a process (proc_pid_stat(5)). */
function sessionOf(pid: number): readonly number[] {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(2, 4).map(Number);
}

Deno.test("daemonize = 1 leaves the terminal once the service is up, and lives on alone", async () => {
  const place = findProcessPlace();
  const syslog = new SyslogDaemon(`${place.folder}/log`);
  const pidFile = `${place.folder}/siproxd.pid`;
  const config = place.configure([
    "daemonize = 1",
    `pid_file = ${pidFile}`,
    `registration_file = ${place.folder}/registrations`,
    `syslog_socket = ${syslog.path}`,
    // One line for the operator's eyes.
    "no_such_key = 1",
  ]);
  const first = startProcess(["-c", config]);
  const { code, log } = await first.ended;
  const pid = Number(Deno.readTextFileSync(pidFile));
  const phone = new SipPeer("127.12.0.2");
  const answer = await phone.optionsAnswered(place.lan);
  const session = sessionOf(pid);
  const terminal = [0, 1, 2].map((descriptor) =>
    Deno.readLinkSync(`/proc/${pid}/fd/${descriptor}`).replace(/\d+/, "N")
  );
  const second = await startProcess(["-c", config]).ended;
  Deno.kill(pid, "SIGTERM");
  await syslog.said(/properly terminating siproxd$/);
  await awaitEnd(pid);
  const left = [...Deno.readDirSync(place.folder)].map(({ name }) => name).sort();
  phone.close();
  syslog.close();
  place.remove();
  deepStrictEqual([code, second.code], [0, 1]);
  match(log, /^\S+siproxd\.conf:10:1: warning: no_such_key: [^\n]+\n.*registration file not found/);
  strictEqual(log.split("\n").length, 3);
  deepStrictEqual(session, [pid, pid]);
  strictEqual(pid !== first.child.pid, true);
  deepStrictEqual(terminal, ["/dev/null", "pipe:[N]", "/dev/null"]);
  match(answer ?? "", /^SIP\/2\.0 200 /);
  const complaints = second.log.split("\n").filter((line) => line.includes("ERROR"));
  deepStrictEqual(complaints.map((line) => line.replace(/^\S+ /, "")), [
    `ERROR:siproxd Cannot start: siproxd runs already as process ${pid}, it holds pid file "${pidFile}"`,
  ]);
  const own = syslog.lines.filter((line) => line.includes(`siproxd[${pid}]: `));
  match(
    own[0] ?? "",
    /^<29>\w{3} [ \d]\d \d\d:\d\d:\d\d siproxd\[\d+\]: siproxd INFO:.* starting up$/,
  );
  strictEqual(own.some((line) => line.endsWith(`INFO:daemonized, pid=${pid}`)), true);
  deepStrictEqual(left, ["log", "registrations", "siproxd.conf"]);
});

Deno.test("daemonize = 1 ends with 1 and the daemon's one line when the port is taken", async () => {
  const place = findProcessPlace();
  const taker = Deno.listenDatagram({
    transport: "udp",
    hostname: PROCESS_LAN,
    port: place.lan.port,
  });
  const config = place.configure(["daemonize = 1", "silence_log = 4"]);
  const { code, log } = await startProcess(["-c", config]).ended;
  taker.close();
  place.remove();
  strictEqual(code, 1);
  match(
    log,
    /^\S+ ERROR:siproxd Cannot listen on 127\.12\.0\.1:\d+\/udp: Address already in use[^\n]*\n$/,
  );
});

Deno.test("daemonize = 1 stays in the foreground where it may start no process", async () => {
  const place = findProcessPlace();
  const config = place.configure(["daemonize = 1", "silence_log = 4"]);
  const permissions = ["--allow-net", "--allow-read", "--allow-sys"];
  const daemon = startProcess(["-c", config], permissions);
  await daemon.said(" started");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  place.remove();
  strictEqual(code, 0);
  match(
    log,
    /^siproxd: Cannot daemonize: no permission to run programs; staying in the foreground\n/,
  );
});

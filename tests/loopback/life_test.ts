import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { startProcess } from "../support/daemon_process.ts";
import { findProcessPlace } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";

/** Requests under way when the daemon is told to end. */
const FLOOD = 3000;

Deno.test("SIGTERM ends the daemon within a second while requests pour in", async () => {
  const place = findProcessPlace();
  const config = place.configure(["silence_log = 4", `registration_file = ${place.folder}/regs`]);
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  await phone.optionsAnswered(place.lan);
  const flood = (async () => {
    for (let index = 0; index < FLOOD; index++) {
      await phone.send(phone.options(place.lan), place.lan);
    }
  })();
  while (phone.pending < FLOOD / 30) await new Promise((resolve) => setTimeout(resolve, 1));
  const stopAtMs = performance.now();
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  const tookMs = performance.now() - stopAtMs;
  await flood;
  phone.close();
  const saved = Deno.readTextFileSync(`${place.folder}/regs`).split("\n").length;
  place.remove();
  strictEqual(code, 0);
  ok(tookMs < 1000, `${tookMs} ms`);
  ok(saved > 512);
  match(log, /properly terminating siproxd\n$/);
});

Deno.test("siproxd with nothing but the network says in one line each what is off, and serves", async () => {
  const place = findProcessPlace();
  const settings = place.lines.map((line) => line.replaceAll(" ", ""));
  const args = settings.flatMap((setting) => ["--set", setting]);
  // A daemon that runs from source reads its own modules; a compiled one has them in itself.
  const source = new URL("../../", import.meta.url).pathname;
  const daemon = startProcess(args, ["--allow-net", `--allow-read=${source}`]);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  const answer = await phone.optionsAnswered(place.lan);
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  phone.close();
  place.remove();
  strictEqual(code, 0);
  match(answer ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual(
    log.split("\n").filter((line) => /permission/i.test(line)).map((line) =>
      line.slice("00:00:00.000 ".length)
    ),
    [
      'INFO:siproxd Cannot use syslog at "/dev/log": no permission to read it; syslog is off',
      "INFO:siproxd No permission to read /etc/hosts: the names in it are not known",
      "INFO:siproxd No permission to run ip: the default route is guessed from the interfaces",
      "INFO:siproxd No permission to list interfaces: if_inbound and if_outbound have to be addresses",
      "INFO:siproxd siproxd status is not answered: no permission to read /run/siproxd/status.sock; " +
      "no permission to read /var/lib/siproxd/siproxd.sock",
    ],
  );
  strictEqual(/\n {4}at |NotCapable/.test(log), false, log);
});

const isRoot = Deno.uid() === 0;

Deno.test({
  name:
    "chrootjail is the root of registration and pid file, also for a daemon that becomes another user",
  ignore: !isRoot,
  fn: async () => {
    const place = findProcessPlace();
    const jail = `${place.folder}/jail`;
    Deno.mkdirSync(jail);
    Deno.chmodSync(jail, 0o777);
    const outer = `${place.folder}/siproxd.pid`;
    Deno.mkdirSync(`${jail}${place.folder}`, { recursive: true });
    const config = place.configure([
      "silence_log = 4",
      "user = nobody",
      `chrootjail = ${jail}/`,
      "registration_file = /regs",
      `pid_file = ${outer}`,
    ]);
    const daemon = startProcess(["-c", config]);
    await daemon.said(" started");
    const numbers = [outer, `${jail}${outer}`].map((path) => Deno.readTextFileSync(path));
    daemon.child.kill("SIGTERM");
    const { code } = await daemon.ended;
    const regs = Deno.statSync(`${jail}/regs`);
    place.remove();
    const pid = `${daemon.child.pid}\n`;
    deepStrictEqual([code, numbers, regs.uid], [0, [pid, pid], 65534]);
  },
});

Deno.test({
  name: "chrootjail refuses a path that leads out of it",
  ignore: !isRoot,
  fn: async () => {
    const place = findProcessPlace();
    Deno.mkdirSync(`${place.folder}/jail`);
    Deno.symlinkSync("/etc", `${place.folder}/jail/etc`);
    const lines = ["silence_log = 4", `chrootjail = ${place.folder}/jail`];
    const linked = place.configure([...lines, "registration_file = /etc/regs"]);
    const byLink = await startProcess(["-c", linked]).ended;
    const climbing = place.configure([...lines, "registration_file = ../regs"]);
    const byDots = await startProcess(["-c", climbing]).ended;
    place.remove();
    deepStrictEqual([byLink.code, byDots.code], [1, 78]);
    match(
      byLink.log,
      /ERROR:siproxd Cannot use path "\/etc\/regs": it leads to "\/etc".*; aborting\n$/,
    );
    match(
      byDots.log,
      /error: registration_file: Cannot use path "\.\.\/regs": it leaves chrootjail/,
    );
  },
});

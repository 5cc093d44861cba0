import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { MEDIA_PACKETS } from "../../src/cli/demo/demo_media.ts";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { startProcess } from "../support/daemon_process.ts";
import { startCall } from "../support/live_call.ts";
import { findProcessPlace, PROCESS_LAN, PROCESS_WAN } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";

/** Reloads under one call; every second file is bad. */
const RELOADS = 20;

Deno.test("SIGHUP 20 times, with good and bad files in turn, loses no packet of a call and no registration", async () => {
  const place = findProcessPlace();
  const registrations = `registration_file = ${place.folder}/registrations`;
  const config = place.configure([registrations]);
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  const call = await startCall(place.lan);
  const talk = call.talk();
  for (let index = 1; index <= RELOADS; index++) {
    const isGood = index % 2 === 1;
    place.configure([
      registrations,
      isGood ? `rtp_timeout = ${300 + index}` : `rtp_timeout = x${index}`,
    ]);
    daemon.child.kill("SIGHUP");
    await daemon.said(isGood ? `→ ${300 + index}\n` : `"x${index}"`);
  }
  await talk;
  const received = call.received();
  await call.hangUp();
  daemon.child.kill("SIGUSR1");
  await daemon.said("registrations=1 dialogs=");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  call.close();
  place.remove();
  deepStrictEqual([code, received], [0, { alice: MEDIA_PACKETS, bob: MEDIA_PACKETS }]);
  strictEqual(log.split("the old one stays in force").length - 1, RELOADS / 2);
  match(log, /rtp_timeout: 317 → 319\n.*SIGHUP: configuration read from \S+, changes: 1\n/);
});

Deno.test("SIGHUP moves SIP to another port, and stays where that is taken", async () => {
  const place = findProcessPlace();
  const config = place.configure();
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  const port = findFreePorts([PROCESS_LAN, PROCESS_WAN, "127.0.0.1"], 1) ?? 0;
  place.configure([`sip_listen_port = ${port}`]);
  daemon.child.kill("SIGHUP");
  await daemon.said("changes: 1");
  const moved = await phone.optionsAnswered({ hostname: PROCESS_LAN, port });
  const old = await phone.optionsAnswered(place.lan, 100);
  const taker = Deno.listenDatagram({
    transport: "udp",
    hostname: PROCESS_WAN,
    port: place.lan.port,
  });
  place.configure();
  daemon.child.kill("SIGHUP");
  await daemon.said("SIGHUP: new configuration refused: Cannot listen on 127.22.0.1:");
  phone.clear();
  const stayed = await phone.optionsAnswered({ hostname: PROCESS_LAN, port });
  taker.close();
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  phone.close();
  place.remove();
  deepStrictEqual([code, old], [0, undefined]);
  match(moved ?? "nothing", /^SIP\/2\.0 200 /);
  match(stayed ?? "nothing", /^SIP\/2\.0 200 /);
});

Deno.test("SIGHUP obeys access lists, log levels and addresses, and names what takes a restart", async () => {
  const place = findProcessPlace();
  const config = place.configure();
  const daemon = startProcess(["-c", config, "--set", "rtp_timeout=120"]);
  await daemon.said(" started");
  const phone = new SipPeer("127.12.0.2");
  const answers = [await phone.optionsAnswered(place.lan)];
  place.configure([
    "hosts_deny_sip = 127.12.0.2/32",
    "debug_level = NETTRAF",
    "log_format = json",
    // The command line still wins.
    "rtp_timeout = 999",
    "user = nobody",
    "proxy_auth_realm = home",
    "proxy_auth_passwd = tulip",
  ]);
  daemon.child.kill("SIGHUP");
  await daemon.said("changes: 6");
  phone.clear();
  answers.push(await phone.optionsAnswered(place.lan, 200));
  await daemon.said('"event":"sip.received"');
  place.configure(["if_inbound = 127.12.0.7"]);
  daemon.child.kill("SIGHUP");
  await daemon.said("if_inbound: 127.12.0.1 → 127.12.0.7");
  phone.clear();
  answers.push(await phone.optionsAnswered({ ...place.lan, hostname: "127.12.0.7" }));
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  phone.close();
  place.remove();
  strictEqual(code, 0);
  deepStrictEqual(answers.map((answer) => answer?.slice(0, 11)), [
    "SIP/2.0 200",
    undefined,
    "SIP/2.0 200",
  ]);
  for (
    const text of [
      "hosts_deny_sip: unset → 127.12.0.2/32",
      "user: unset → nobody (takes effect after a restart)",
      "proxy_auth_passwd: unset → (hidden)",
    ]
  ) ok(log.includes(text), text);
  strictEqual(/tulip|→ 999/.test(log), false);
});

Deno.test("SIGHUP without a readable file keeps the old configuration", async () => {
  const place = findProcessPlace();
  const config = place.configure();
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  Deno.removeSync(config);
  daemon.child.kill("SIGHUP");
  await daemon.said("SIGHUP: new configuration refused: 1 error in it");
  const phone = new SipPeer("127.12.0.2");
  const answer = await phone.optionsAnswered(place.lan);
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  phone.close();
  place.remove();
  strictEqual(code, 0);
  match(answer ?? "", /^SIP\/2\.0 200 /);
});

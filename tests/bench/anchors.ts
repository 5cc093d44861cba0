/**
 * The anchors: Debian's rtpengine (media, userspace mode) and Kamailio (SIP, stateless), started in a lab
 * like siproxd's. They are yardsticks of the same machine and minute, not competitors on features. The
 * measure files start them through here.
 *
 * @module
 */
import { startDaemon, untilAnswered } from "./daemon.ts";
import { inNamespace, PROXY_LAN, PROXY_WAN, REGISTRAR } from "./lab.ts";
import { awaitAnswer } from "./load.ts";
import { NG_PORT } from "./ng_client.ts";
import { runCommand } from "./shell.ts";
import { nextRun } from "./subject.ts";
import type { MediaSubject, Place, Subject } from "./subject.ts";

/** Starts rtpengine without its kernel module and waits until it answers a ping. */
export async function startRtpengine(place: Place): Promise<MediaSubject> {
  const { lab, generators } = place;
  const logFile = `${generators.folder}/rtpengine.log`;
  const command = [
    "rtpengine",
    "--foreground",
    "--log-stderr",
    "--log-level=3",
    "--table=-1",
    `--interface=lan/${PROXY_LAN}`,
    `--interface=wan/${PROXY_WAN}`,
    `--listen-ng=127.0.0.1:${NG_PORT}`,
    "--port-min=20000",
    "--port-max=39999",
    "--config-file=none",
  ];
  const daemon = startDaemon({ namespace: lab.rtr, command, logFile });
  let open = { count: 0, run: 0 };
  await untilAnswered(daemon, ngClient(place, ["ping"]));
  return {
    name: "rtpengine",
    lab,
    generators,
    daemon,
    async openCalls(count) {
      open = { count, run: nextRun() };
      return await ngClient(place, ["open", String(count), String(open.run)]);
    },
    async closeCalls() {
      await ngClient(place, ["close", String(open.count), String(open.run)]);
    },
  };
}

/** The command that starts Kamailio, its configuration written into the folder. */
export async function kamailioCommand(folder: string): Promise<readonly string[]> {
  const configFile = `${folder}/kamailio.cfg`;
  await Deno.writeTextFile(configFile, KAMAILIO_CONFIG);
  const state = ["-Y", folder, "-P", `${folder}/kamailio.pid`];
  return ["kamailio", "-DD", "-E", "-f", configFile, ...state, "-m", "64", "-M", "8"];
}

/** Starts Kamailio and waits until it answers an OPTIONS. */
export async function startKamailio(place: Place): Promise<Subject> {
  const { lab, generators } = place;
  const command = await kamailioCommand(generators.folder);
  const daemon = startDaemon({
    namespace: lab.rtr,
    command,
    logFile: `${generators.folder}/kamailio.log`,
  });
  await untilAnswered(daemon, awaitAnswer(place));
  return { name: "kamailio", lab, generators, daemon };
}

// Replies leave from the first listening socket, which faces the phones; requests are sent from the other.
const KAMAILIO_CONFIG = `#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=2
disable_tcp=yes
auto_aliases=no
dns=no
rev_dns=no
listen=udp:${PROXY_LAN}:5060
listen=udp:${PROXY_WAN}:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (!loose_route() && is_method("INVITE")) record_route();
  force_send_socket(udp:${PROXY_WAN}:5060);
  $du = "sip:${REGISTRAR}:5060";
  forward();
}
`;

async function ngClient(place: Place, args: readonly string[]): Promise<readonly string[]> {
  const program = new URL("./ng_client.ts", import.meta.url).pathname;
  const words = [Deno.execPath(), "run", "--allow-net", "--unstable-net", program, ...args];
  const { stdout } = await runCommand(inNamespace(place.lab.rtr, words));
  return stdout.split("\n").filter((line) => line !== "");
}

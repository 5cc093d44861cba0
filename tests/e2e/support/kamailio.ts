/** Kamailio as the provider: registrar with digest authentication and proxy, without a database. */

import { poll } from "./command.ts";
import { hostOf } from "./ip_text.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { probe } from "./proxy.ts";
import { makeDirectory } from "./work_directory.ts";

/** Where the provider listens. */
export interface KamailioOptions {
  readonly namespace: string;
  readonly address: string;
}

/** One Kamailio of the test bench. */
export interface KamailioProgram extends KamailioOptions {
  /** Under which it logs. */
  readonly name: string;
  /** Text of its kamailio.cfg, which listens on port 5060 of the address. */
  readonly configuration: string;
}

let started = 0;

/** Starts the provider and returns when it serves; every user's password is `pw-` + name. */
export async function startKamailio(options: KamailioOptions): Promise<ManagedProcess> {
  const text = configuration(hostOf(options.address));
  return await runKamailio({ ...options, name: "kamailio", configuration: text });
}

/** Starts a Kamailio with a configuration of its own and returns when it serves. */
export async function runKamailio(program: KamailioProgram): Promise<ManagedProcess> {
  const { name, namespace } = program;
  const directory = await makeDirectory(`${name}-${++started}`);
  await Deno.writeTextFile(`${directory}/kamailio.cfg`, program.configuration);
  const process = startProcess({
    name,
    namespace,
    command: "kamailio",
    args: [
      ...["-DD", "-E", "-f", `${directory}/kamailio.cfg`, "-Y", directory],
      ...["-P", `${directory}/kamailio.pid`, "-m", "32", "-M", "4"],
    ],
  });
  await poll(
    async () => await probe({ ...program, port: 5060 }) ? true : undefined,
    { what: `an answer of ${name} to OPTIONS`, timeoutMs: 10_000 },
  );
  return process;
}

function configuration(address: string): string {
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
auto_aliases=no
alias="pbx.example.org"
alias="${address}"
listen=udp:${address}:5060
listen=tcp:${address}:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${MODULES.map((name) => `loadmodule "${name}.so"`).join("\n")}
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "timer_interval", 2)
modparam("registrar", "max_expires", 3600)
modparam("registrar", "min_expires", 5)
modparam("rr", "enable_full_lr", 1)
modparam("auth", "nonce_expire", 300)
modparam("auth", "qop", "auth")
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483","Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    if ($rd != "${address}" && $rd != "pbx.example.org") { t_relay(); exit; }
    sl_send_reply("404","Not here"); exit;
  }
  t_check_trans();
  if (is_method("OPTIONS")) { sl_send_reply("200","OK"); exit; }
  if (is_method("REGISTER|INVITE")) {
    if (!pv_auth_check("pbx.example.org", "pw-$au", "0", "0")) { auth_challenge("pbx.example.org", "1"); exit; }
    consume_credentials();
  }
  if (is_method("REGISTER")) { save("location"); exit; }
  if (is_method("INVITE|SUBSCRIBE")) record_route();
  if (!lookup("location")) { sl_send_reply("404","Not Found"); exit; }
  t_relay();
}
`;
}

const MODULES = [
  ...["tm", "sl", "rr", "pv", "maxfwd", "textops", "siputils", "usrloc", "registrar", "auth"],
] as const;

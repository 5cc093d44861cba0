/**
 * A PBX: Kamailio with rtpengine, one account at a provider, extensions of its own.
 *
 * It registers the account and calls as it (uac), hides its extensions
 * (topos: own Contact, own Via, no Record-Route) and carries their media itself (rtpengine), as Asterisk with `direct_media = no` does.
 * It keeps the extension's From. Called by the scenario of the PBX.
 *
 * @module
 */
import { poll } from "./command.ts";
import { startKamailioClient } from "./kamailio_client.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { probe } from "./proxy.ts";

/** A PBX and its account. */
export interface PbxOptions {
  readonly namespace: string;
  readonly address: string;
  /** User of the account; the password is `pw-` + name. */
  readonly trunk: string;
  /** The provider's name, which is its realm too. */
  readonly provider: string;
  /** The one extension that rings when the account is called. */
  readonly extension: string;
}

const RTPENGINE_CONTROL = "127.0.0.1:2223" as const;

/** Starts the PBX; it registers its account at once. */
export async function startPbx(options: PbxOptions): Promise<readonly ManagedProcess[]> {
  const { namespace, address, trunk, provider } = options;
  const media = startProcess({
    name: "rtpengine",
    namespace,
    command: "rtpengine",
    args: [
      ...["--foreground", "--log-stderr", "--log-level=6", "--table=-1", "--config-file=none"],
      ...[`--interface=${address}`, `--listen-ng=${RTPENGINE_CONTROL}`],
      ...["--port-min=20000", "--port-max=20100"],
    ],
  });
  await media.waitForLog(/Startup complete/, 5000);
  const signalling = await startKamailioClient({
    ...{ namespace, address, user: trunk, domain: provider, realm: provider },
    service: {
      modules: [
        "maxfwd",
        "auth",
        "textops",
        "sdpops",
        "siputils",
        "usrloc",
        "registrar",
        "topos",
        "rtpengine",
      ],
      tables: ["topos_d", "topos_t"],
      script: script(options),
    },
  });
  await poll(
    async () => await probe({ namespace, address, port: 5060 }) ? true : undefined,
    { what: "an answer of the PBX to OPTIONS", timeoutMs: 10_000 },
  );
  return [signalling, media];
}

function script({ address, trunk, provider, extension }: PbxOptions): string {
  return `modparam("rr", "enable_full_lr", 1)
modparam("usrloc", "db_mode", 0)
modparam("topos", "storage", "db")
modparam("topos", "db_url", "text://DIRECTORY")
modparam("rtpengine", "rtpengine_sock", "udp:${RTPENGINE_CONTROL}")
modparam("uac", "auth_realm_avp", "$avp(realm)")
modparam("uac", "auth_username_avp", "$avp(username)")
modparam("uac", "auth_password_avp", "$avp(password)")
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483","Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (is_method("BYE")) rtpengine_delete();
    if (loose_route()) { t_on_reply("MEDIA"); t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404","Not here"); exit;
  }
  t_check_trans();
  if (is_method("OPTIONS")) { sl_send_reply("200","OK"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_auth_check("${trunk}", "pw-$au", "0", "0")) { auth_challenge("${trunk}", "1"); exit; }
    save("location");
    exit;
  }
  if (!is_method("INVITE")) { sl_send_reply("405","Method Not Allowed"); exit; }
  record_route();
  rtpengine_offer("replace-origin replace-session-connection");
  t_on_reply("MEDIA");
  if ($rU == "${trunk}") {
    $ru = "sip:${extension}@${address}";
    if (!lookup("location")) { sl_send_reply("480","Nobody there"); exit; }
    t_relay();
    exit;
  }
  $rd = "${provider}";
  $rp = $null;
  t_on_failure("TRUNK");
  t_relay();
}
onreply_route[MEDIA] {
  if (sdp_content()) rtpengine_answer("replace-origin replace-session-connection");
}
failure_route[TRUNK] {
  if (!t_check_status("401|407")) exit;
  $avp(realm) = "${provider}";
  $avp(username) = "${trunk}";
  $avp(password) = "pw-${trunk}";
  if (uac_auth()) { t_on_reply("MEDIA"); t_relay(); }
}
`;
}

/** Kamailio between the phones and the daemon: an office's proxy that keeps itself in the route of every call. */

import { runKamailio } from "./kamailio.ts";
import type { ManagedProcess } from "./process.ts";

/** Where the office's proxy stands. */
export interface OfficeProxyOptions {
  readonly namespace: string;
  readonly address: string;
  /** The daemon, to which it sends what its phones send. */
  readonly daemon: string;
}

/** Starts the proxy and returns when it serves. */
export async function startOfficeProxy(options: OfficeProxyOptions): Promise<ManagedProcess> {
  const { namespace, address } = options;
  const text = configuration(options);
  return await runKamailio({ namespace, address, name: "office-proxy", configuration: text });
}

/** A request of a call that does not come by the call's route set is refused: that is what the suite is about. */
function configuration({ address, daemon }: OfficeProxyOptions): string {
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
auto_aliases=no
alias="${address}"
listen=udp:${address}:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${MODULES.map((name) => `loadmodule "${name}.so"`).join("\n")}
modparam("rr", "enable_full_lr", 1)
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483","Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404","Not by my route"); exit;
  }
  t_check_trans();
  loose_route();
  if (is_method("INVITE|SUBSCRIBE")) record_route();
  if ($si != "${daemon}") $du = "sip:${daemon}:5060";
  t_relay();
}
`;
}

const MODULES = ["tm", "sl", "rr", "pv", "maxfwd", "textops", "siputils"] as const;

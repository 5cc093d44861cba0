import { deepStrictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig } from "./load.ts";

/** Paths of all plain values in a tree. */
function leaves(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "[]" : "{}"]];
  return entries.flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/** What some lines change in the configuration, as path → value; a path that goes is undefined. */
function effects(text: string): Readonly<Record<string, unknown>> {
  const { loaded, issues } = loadConfig({ text, fileName: "f" });
  const errors = issues.filter(({ severity }) => severity === "error").map(formatIssue);
  if (loaded === undefined || errors.length > 0) throw new Error(errors.join("\n"));
  const before = new Map(leaves(loadConfig({ text: "", fileName: "f" }).loaded?.config));
  const after = new Map(leaves(loaded.config));
  const changed: Record<string, unknown> = {};
  for (const [path, value] of after) if (before.get(path) !== value) changed[path] = value;
  return changed;
}

/** Every directive does one thing, and nothing else moves. */
const EFFECTS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["if_inbound = eth7", { "interfaces.inbound": "eth7" }],
  ["if_outbound = ppp7", { "interfaces.outbound": "ppp7" }],
  ["ipv6 = prefer", { "interfaces.ipv6": "prefer" }],
  ["host_outbound = sip.example.org", { "interfaces.hostOutbound": "sip.example.org" }],
  ["hosts_allow_reg = 10.0.0.0/8", {
    "access.allowReg.0.kind": "address",
    "access.allowReg.0.host": "10.0.0.0",
    "access.allowReg.0.bits": 8,
  }],
  ["hosts_allow_sip = 192.0.2.1/32", {
    "access.allowSip.0.kind": "address",
    "access.allowSip.0.host": "192.0.2.1",
    "access.allowSip.0.bits": 32,
  }],
  ["hosts_deny_sip = bad.example/32", {
    "access.denySip.0.kind": "name",
    "access.denySip.0.host": "bad.example",
    "access.denySip.0.bits": 32,
  }],
  ["wan_peers = known", { "sip.wanPeers": "known" }],
  ["sip_listen_port = 5080", { "sip.listenPort": 5080 }],
  ["default_expires = 77", { "sip.defaultExpiresSeconds": 77 }],
  ["lan_expires = 30", { "sip.lanExpiresSeconds": 30 }],
  ["use_rport = 1", { "sip.useRport.lan": true }],
  ["use_rport = 2", { "sip.useRport.wan": true }],
  ["use_rport = 3", { "sip.useRport.lan": true, "sip.useRport.wan": true }],
  ["force_rport = 1", { "sip.forceRport": true }],
  ["ua_string = My UA", { "sip.uaString": "My UA" }],
  ["obscure_loops = 1", { "sip.obscureLoops": true }],
  ["user_part_matching = 0", { "sip.userPartMatching": false }],
  ["compat_responses = 1", { "sip.compatResponses": true }],
  ["use_srv = 0", { "sip.useSrv": false }],
  ["sip_dscp = 24", { "sip.dscp": 24 }],
  ["tcp_timeout = 77", { "sip.tcp.timeoutSeconds": 77 }],
  ["tcp_connect_timeout = 77", { "sip.tcp.connectTimeoutMs": 77 }],
  ["tcp_keepalive = 77", { "sip.tcp.keepaliveSeconds": 77 }],
  ["tcp_keepalive = -1", {}],
  ["rtp_proxy_enable = 0", { "rtp.enabled": false }],
  ["rtp_port_low = 7060", { "rtp.portLow": 7060 }],
  ["rtp_port_high = 7099", { "rtp.portHigh": 7098 }],
  ["rtp_timeout = 77", { "rtp.timeoutSeconds": 77 }],
  ["rtp_hold_timeout = 777", { "rtp.holdTimeoutSeconds": 777 }],
  ["rtp_dscp = 46", { "rtp.dscp": 46 }],
  ["rtp_input_dejitter = 40000", { "rtp.inputDejitterMs": 40 }],
  ["rtp_output_dejitter = 60000", { "rtp.outputDejitterMs": 60 }],
  ["media_workers = 2", { "rtp.workers": 2 }],
  ["media_workers = auto", {}],
  ["thread_stack_size = 512", {}],
  ["proxy_auth_realm = home\nproxy_auth_passwd = x", {
    "auth.realm": "home",
    "auth.password": "x",
  }],
  ["proxy_auth_realm = home\nproxy_auth_pwfile = /etc/pw", {
    "auth.realm": "home",
    "auth.passwordFile": "/etc/pw",
  }],
  ["proxy_auth_scope = all", { "auth.scope": "all" }],
  ["proxy_auth_algorithm = sha-256", {
    "auth.algorithms.0": "SHA-256",
  }],
  ["mask_host = 10.0.0.9\nmasked_host = pub.example", {
    "sip.maskHosts.0.host": "10.0.0.9",
    "sip.maskHosts.0.maskedHost": "pub.example",
  }],
  ["outbound_proxy_host = p.example", { "sip.outboundProxy.host": "p.example" }],
  ["outbound_proxy_host = p.example\noutbound_proxy_port = 5070", {
    "sip.outboundProxy.host": "p.example",
    "sip.outboundProxy.port": 5070,
  }],
  [
    "outbound_domain_name = d.example\noutbound_domain_host = p.example\noutbound_domain_port = 5071",
    {
      "sip.outboundDomains.0.domain": "d.example",
      "sip.outboundDomains.0.host": "p.example",
      "sip.outboundDomains.0.port": 5071,
    },
  ],
  ["daemonize = 1", { "daemon.daemonize": true }],
  ["user = nobody", { "daemon.user": "nobody" }],
  ["pid_file = /run/s.pid", { "daemon.pidFile": "/run/s.pid" }],
  ["registration_file = /var/r", { "registrar.file": "/var/r" }],
  ["autosave_registrations = 77", { "registrar.autosaveSeconds": 77 }],
  ["autosave_registrations = 0", { "registrar.autosaveSeconds": 0 }],
  ["registration_write_delay = 60", { "registrar.writeDelaySeconds": 60 }],
  ["max_registrations = 77", { "registrar.maxRegistrations": 77 }],
  ["silence_log = 4", { "log.silenceLog": 4 }],
  ["debug_level = 0x84", { "log.debugLevel": 0x84 }],
  ["debug_port = 5050", { "log.debugPort": 5050 }],
  ["debug_address = 127.0.0.2", { "log.debugAddress": "127.0.0.2" }],
  ["log_format = json", { "log.format": "json" }],
  ["log_level = rtp:warning", {
    "log.componentLevels.0.component": "rtp",
    "log.componentLevels.0.level": "warning",
  }],
  ["syslog_socket = /run/log", { "log.syslogSocket": "/run/log" }],
  ["syslog_server = 192.0.2.5:514", {
    "log.syslogServer.host": "192.0.2.5",
    "log.syslogServer.port": 514,
  }],
  ["plugindir = /usr/lib/p/", { "plugins.directory": "/usr/lib/p/" }],
  ["plugin_strict = 1", { "plugins.strict": true }],
  ["firewall_module = nftables", { "firewall.module": "nftables" }],
  ["firewall_module = command\nfirewall_command = /etc/fw", {
    "firewall.module": "command",
    "firewall.command": "/etc/fw",
  }],
  ["media_offload = nftables", { "firewall.offload": "nftables" }],
  ["media_offload = auto", { "firewall.offload": "auto" }],
  ["status_socket = /run/s.sock", {
    "status.socket.kind": "path",
    "status.socket.path": "/run/s.sock",
  }],
  ["metrics_listen = 9160", { "metrics.listen.host": "127.0.0.1", "metrics.listen.port": 9160 }],
  ["metrics_listen = 127.0.0.2:9161", {
    "metrics.listen.host": "127.0.0.2",
    "metrics.listen.port": 9161,
  }],
];

for (const [text, wanted] of EFFECTS) {
  Deno.test(`loadConfig() of ${text.replaceAll("\n", ", ")} changes ${Object.keys(wanted)}`, () => {
    deepStrictEqual(effects(text), wanted);
  });
}

import { deepStrictEqual } from "node:assert/strict";
import { defaultConfig } from "./default_config.ts";
import { DIRECTIVES } from "./directives.ts";
import { loadConfig } from "./load.ts";

/** Every leaf of a tree by its path. */
function leaves(value: unknown, path = ""): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Map([[path, value]]);
  return new Map(
    entries.flatMap(([key, inner]) => [...leaves(inner, path === "" ? key : `${path}.${key}`)]),
  );
}

const defaults = leaves(defaultConfig());

/** The leaves of a configuration that differ from the default one. */
function changes(text: string): Readonly<Record<string, unknown>> {
  const config = loadConfig({ text, fileName: "f" }).loaded?.config;
  if (config === undefined) throw new Error("the test's configuration is refused");
  const changed = [...leaves(config)].filter(([path, value]) =>
    !defaults.has(path) || defaults.get(path) !== value
  );
  const structural = changed.filter(([, value]) => !isEmptyArray(value));
  return Object.fromEntries(structural);
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** What one or few lines change, and nothing else. */
const effects: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["if_inbound = eth0", { "interfaces.inbound": "eth0" }],
  ["if_inbound = 192.168.1.1", { "interfaces.inbound": "192.168.1.1" }],
  ["if_inbound = 192.168.1.1, fd00::1", { "interfaces.inbound": "192.168.1.1,fd00::1" }],
  ["ipv6 = off", { "interfaces.ipv6": "off" }],
  ["if_outbound = ppp0", { "interfaces.outbound": "ppp0" }],
  ["host_outbound = 1.2.3.4", { "interfaces.hostOutbound": "1.2.3.4" }],
  ["hosts_allow_reg = 10.0.0.0/8", {
    "access.allowReg.0.kind": "address",
    "access.allowReg.0.host": "10.0.0.0",
    "access.allowReg.0.bits": 8,
  }],
  ["hosts_allow_sip = a.example/32", {
    "access.allowSip.0.kind": "name",
    "access.allowSip.0.host": "a.example",
    "access.allowSip.0.bits": 32,
  }],
  ["hosts_deny_sip = ::1/128", {
    "access.denySip.0.kind": "address",
    "access.denySip.0.host": "::1",
    "access.denySip.0.bits": 128,
  }],
  ["wan_peers = known", { "sip.wanPeers": "known" }],
  ["sip_listen_port = 5070", { "sip.listenPort": 5070 }],
  ["default_expires = 3600", { "sip.defaultExpiresSeconds": 3600 }],
  ["lan_expires = 30", { "sip.lanExpiresSeconds": 30 }],
  ["use_rport = 1", { "sip.useRport.lan": true }],
  ["use_rport = 2", { "sip.useRport.wan": true }],
  ["use_rport = 3", { "sip.useRport.lan": true, "sip.useRport.wan": true }],
  ["force_rport = 1", { "sip.forceRport": true }],
  ["ua_string = My UA/1.0", { "sip.uaString": "My UA/1.0" }],
  ["obscure_loops = 1", { "sip.obscureLoops": true }],
  ["user_part_matching = 0", { "sip.userPartMatching": false }],
  ["compat_responses = 1", { "sip.compatResponses": true }],
  ["use_srv = 0", { "sip.useSrv": false }],
  ["daemonize = 1", { "daemon.daemonize": true }],
  ["daemonize = 7", { "daemon.daemonize": true }],
  ["user = nobody", { "daemon.user": "nobody" }],
  ["chrootjail = /jail", { "daemon.chrootJail": "/jail" }],
  ["pid_file = /run/x", { "daemon.pidFile": "/run/x" }],
  ["registration_file = /x", { "registrar.file": "/x" }],
  ["autosave_registrations = 60", { "registrar.autosaveSeconds": 60 }],
  ["autosave_registrations = -1", { "registrar.autosaveSeconds": 0 }],
  ["registration_write_delay = 30", { "registrar.writeDelaySeconds": 30 }],
  ["max_registrations = 5", { "registrar.maxRegistrations": 5 }],
  ["rtp_proxy_enable = 0", { "rtp.enabled": false }],
  ["rtp_port_low = 7072", { "rtp.portLow": 7072 }],
  ["rtp_port_high = 8001", { "rtp.portHigh": 8000 }],
  ["rtp_timeout = 90", { "rtp.timeoutSeconds": 90 }],
  ["rtp_hold_timeout = 7200", { "rtp.holdTimeoutSeconds": 7200 }],
  ["rtp_input_dejitter = 1500000", { "rtp.inputDejitterMs": 1500 }],
  ["rtp_output_dejitter = 1", { "rtp.outputDejitterMs": 0.001 }],
  ["media_workers = 1", { "rtp.workers": 1 }],
  ["media_workers = 8", { "rtp.workers": 8 }],
  ["media_workers = auto", {}],
  ["thread_stack_size = 512", {}],
  ["rtp_dscp = 0x2e", { "rtp.dscp": 46 }],
  ["sip_dscp = 63", { "sip.dscp": 63 }],
  ["tcp_timeout = 60", { "sip.tcp.timeoutSeconds": 60 }],
  ["tcp_connect_timeout = 100", { "sip.tcp.connectTimeoutMs": 100 }],
  ["tcp_keepalive = 20", { "sip.tcp.keepaliveSeconds": 20 }],
  ["proxy_auth_realm = r", { "auth.realm": "r" }],
  ["proxy_auth_passwd = p w", { "auth.password": "p w" }],
  ["proxy_auth_pwfile = /x", { "auth.passwordFile": "/x" }],
  ["proxy_auth_scope = all", { "auth.scope": "all" }],
  ["proxy_auth_algorithm = MD5", { "auth.algorithms.0": "MD5" }],
  ["proxy_auth_algorithm = SHA-256,MD5", {
    "auth.algorithms.0": "SHA-256",
    "auth.algorithms.1": "MD5",
  }],
  ["silence_log = 0", { "log.silenceLog": 0 }],
  ["debug_level = -1", { "log.debugLevel": 0xffffffff }],
  ["debug_level = auth", { "log.debugLevel": 0x800 }],
  ["debug_port = 5050", { "log.debugPort": 5050 }],
  ["debug_address = 0.0.0.0", { "log.debugAddress": "0.0.0.0" }],
  ["log_format = logfmt", { "log.format": "logfmt" }],
  ["log_format = json", { "log.format": "json" }],
  ["log_level = rtp:debug", {
    "log.componentLevels.0.component": "rtp",
    "log.componentLevels.0.level": "debug",
  }],
  ["syslog_socket = /run/log", { "log.syslogSocket": "/run/log" }],
  ["syslog_server = 10.0.0.1:514", {
    "log.syslogServer.host": "10.0.0.1",
    "log.syslogServer.port": 514,
  }],
  ["mask_host = a\nmasked_host = b", {
    "sip.maskHosts.0.host": "a",
    "sip.maskHosts.0.maskedHost": "b",
  }],
  ["outbound_proxy_host = p", {
    "sip.outboundProxy.host": "p",
    "sip.outboundProxy.port": undefined,
  }],
  ["outbound_proxy_port = 99", {}],
  ["outbound_domain_name = d\noutbound_domain_host = h\noutbound_domain_port = 9", {
    "sip.outboundDomains.0.domain": "d",
    "sip.outboundDomains.0.host": "h",
    "sip.outboundDomains.0.port": 9,
  }],
  ["plugindir = /p", { "plugins.directory": "/p/" }],
  ["plugindir = /p/", { "plugins.directory": "/p/" }],
  ["load_plugin = stun\nload_plugin = demo", {
    "plugins.load.0": "stun",
    "plugins.load.1": "demo",
  }],
  ["plugin_strict = 1", { "plugins.strict": true }],
  ["firewall_module = nftables", { "firewall.module": "nftables" }],
  ["media_offload = nftables", { "firewall.offload": "nftables" }],
  ["media_offload = auto", { "firewall.offload": "auto" }],
  ["firewall_module = command\nfirewall_command = /x", {
    "firewall.module": "command",
    "firewall.command": "/x",
  }],
  ["status_socket = /run/s", {
    "status.socket.kind": "path",
    "status.socket.path": "/run/s",
  }],
  ["status_socket = 127.0.0.1:9161", {
    "status.socket.kind": "tcp",
    "status.socket.host": "127.0.0.1",
    "status.socket.port": 9161,
  }],
  ["status_socket = none", { "status.socket.kind": "none" }],
  ["metrics_listen = 9160", { "metrics.listen.host": "127.0.0.1", "metrics.listen.port": 9160 }],
  ["metrics_listen = [::1]:1", { "metrics.listen.host": "::1", "metrics.listen.port": 1 }],
  ["plugin_stun_port = 1", {
    "plugins.options.0.key": "plugin_stun_port",
    "plugins.options.0.value": "1",
    "plugins.options.0.position.fileName": "f",
    "plugins.options.0.position.line": 1,
    "plugins.options.0.position.column": 1,
    "plugins.options.0.valueColumn": 20,
  }],
];

for (const [text, expected] of effects) {
  Deno.test(`bindConfig(): ${text.replaceAll("\n", ", ")} changes exactly its own members`, () => {
    deepStrictEqual(changes(text), expected);
  });
}

Deno.test("bindConfig() tests leave no directive out", () => {
  const tested = new Set(
    effects.flatMap(([text]) => text.split("\n").map((line) => line.split(" ")[0])),
  );
  const missing = DIRECTIVES.filter((directive) => !tested.has(directive.key));
  deepStrictEqual(missing.map((directive) => directive.key), []);
});

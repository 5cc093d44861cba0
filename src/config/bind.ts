import {
  accessListOf,
  type Binder,
  flagOf,
  hostPortOf,
  logLevelsOf,
  numberOf,
  numbersOf,
  statusPlaceOf,
  textOf,
  textsOf,
} from "./binder.ts";
import type {
  AccessConfig,
  AuthConfig,
  Config,
  ConfiguredHop,
  DaemonConfig,
  FirewallConfig,
  InterfacesConfig,
  LogConfig,
  MaskedHost,
  OutboundDomain,
  PluginOption,
  PluginsConfig,
  RegistrarConfig,
  RtpConfig,
  SipConfig,
} from "./config.ts";

/**
 * Builds the configuration from the entries in force.
 *
 * Values that cannot be used become issues of the binder and leave their default, so that one run
 * finds everything that is wrong; the caller throws the result away when there is an error.
 *
 * @param binder the entries in force
 * @param pluginOptions the plugins' own options, unread
 * @returns the whole configuration
 */
export function bindConfig(binder: Binder, pluginOptions: readonly PluginOption[]): Config {
  return {
    interfaces: bindInterfaces(binder),
    sip: bindSip(binder),
    rtp: bindRtp(binder),
    access: bindAccess(binder),
    registrar: bindRegistrar(binder),
    auth: bindAuth(binder),
    daemon: bindDaemon(binder),
    log: bindLog(binder),
    plugins: bindPlugins(binder, pluginOptions),
    firewall: bindFirewall(binder),
    status: { socket: statusPlaceOf(binder, "status_socket") },
    metrics: { listen: hostPortOf(binder, "metrics_listen") },
  };
}

function bindInterfaces(binder: Binder): InterfacesConfig {
  return {
    inbound: textOf(binder, "if_inbound"),
    outbound: textOf(binder, "if_outbound"),
    hostOutbound: textOf(binder, "host_outbound"),
    ipv6: ipv6Of(textOf(binder, "ipv6")),
  };
}

function ipv6Of(word: string | undefined): InterfacesConfig["ipv6"] {
  return word === "off" || word === "prefer" ? word : "fallback";
}

function bindSip(binder: Binder): SipConfig {
  const rportBits = numberOf(binder, "use_rport");
  return {
    listenPort: numberOf(binder, "sip_listen_port"),
    useRport: { lan: (rportBits & 1) !== 0, wan: (rportBits & 2) !== 0 },
    forceRport: flagOf(binder, "force_rport"),
    uaString: textOf(binder, "ua_string"),
    obscureLoops: flagOf(binder, "obscure_loops"),
    wanPeers: textOf(binder, "wan_peers") === "known" ? "known" : "any",
    compatResponses: flagOf(binder, "compat_responses"),
    userPartMatching: flagOf(binder, "user_part_matching"),
    maskHosts: bindMaskHosts(binder),
    outboundProxy: bindOutboundProxy(binder),
    outboundDomains: bindOutboundDomains(binder),
    useSrv: flagOf(binder, "use_srv"),
    defaultExpiresSeconds: numberOf(binder, "default_expires"),
    lanExpiresSeconds: numberOf(binder, "lan_expires"),
    tcp: {
      timeoutSeconds: numberOf(binder, "tcp_timeout"),
      connectTimeoutMs: numberOf(binder, "tcp_connect_timeout"),
      keepaliveSeconds: Math.max(0, numberOf(binder, "tcp_keepalive")),
    },
    dscp: numberOf(binder, "sip_dscp"),
  };
}

function bindMaskHosts(binder: Binder): readonly MaskedHost[] {
  const masked = textsOf(binder, "masked_host");
  return textsOf(binder, "mask_host").flatMap((host, index) => {
    const maskedHost = masked[index];
    return maskedHost === undefined ? [] : [{ host, maskedHost }];
  });
}

function bindOutboundProxy(binder: Binder): ConfiguredHop | undefined {
  const port = portOrUnset(numberOf(binder, "outbound_proxy_port"));
  const host = textOf(binder, "outbound_proxy_host");
  return host === undefined ? undefined : { host, port };
}

function bindOutboundDomains(binder: Binder): readonly OutboundDomain[] {
  const hosts = textsOf(binder, "outbound_domain_host");
  const ports = numbersOf(binder, "outbound_domain_port");
  return textsOf(binder, "outbound_domain_name").flatMap((domain, index) => {
    const host = hosts[index];
    const port = ports[index];
    if (host === undefined || port === undefined) return [];
    return [{ domain, host, port: portOrUnset(port) }];
  });
}

function portOrUnset(port: number): number | undefined {
  return port === 0 ? undefined : port;
}

function bindRtp(binder: Binder): RtpConfig {
  return {
    enabled: flagOf(binder, "rtp_proxy_enable"),
    portLow: evenAbove(numberOf(binder, "rtp_port_low")),
    portHigh: evenBelow(numberOf(binder, "rtp_port_high")),
    timeoutSeconds: numberOf(binder, "rtp_timeout"),
    holdTimeoutSeconds: numberOf(binder, "rtp_hold_timeout"),
    dscp: numberOf(binder, "rtp_dscp"),
    inputDejitterMs: numberOf(binder, "rtp_input_dejitter") / 1000,
    outputDejitterMs: numberOf(binder, "rtp_output_dejitter") / 1000,
    workers: workersOf(textOf(binder, "media_workers")),
  };
}

/** The directive is a choice among `auto` and digits. */
function workersOf(word: string | undefined): RtpConfig["workers"] {
  return word === undefined || word === "auto" ? "auto" : Number(word);
}

/** RTP takes the even port and RTCP the odd one above it (RFC 3550 §11). */
function evenAbove(port: number): number {
  return port + port % 2;
}

function evenBelow(port: number): number {
  return port - port % 2;
}

function bindAccess(binder: Binder): AccessConfig {
  return {
    allowReg: accessListOf(binder, "hosts_allow_reg"),
    allowSip: accessListOf(binder, "hosts_allow_sip"),
    denySip: accessListOf(binder, "hosts_deny_sip"),
  };
}

function bindRegistrar(binder: Binder): RegistrarConfig {
  return {
    file: textOf(binder, "registration_file"),
    autosaveSeconds: Math.max(0, numberOf(binder, "autosave_registrations")),
    writeDelaySeconds: numberOf(binder, "registration_write_delay"),
    maxRegistrations: numberOf(binder, "max_registrations"),
  };
}

function bindAuth(binder: Binder): AuthConfig {
  return {
    realm: textOf(binder, "proxy_auth_realm"),
    password: textOf(binder, "proxy_auth_passwd"),
    passwordFile: textOf(binder, "proxy_auth_pwfile"),
    scope: textOf(binder, "proxy_auth_scope") === "all" ? "all" : "local",
    algorithms: algorithmsOf(textOf(binder, "proxy_auth_algorithm")),
  };
}

function algorithmsOf(words: string | undefined): AuthConfig["algorithms"] {
  if (words === undefined || words === "auto") return undefined;
  return words.split(",").map((word) => word === "md5" ? "MD5" : "SHA-256");
}

function bindDaemon(binder: Binder): DaemonConfig {
  return {
    user: textOf(binder, "user"),
    chrootJail: textOf(binder, "chrootjail"),
    pidFile: textOf(binder, "pid_file"),
    daemonize: flagOf(binder, "daemonize"),
  };
}

function bindFirewall(binder: Binder): FirewallConfig {
  const module = textOf(binder, "firewall_module");
  const offload = textOf(binder, "media_offload");
  return {
    module: module === "nftables" || module === "command" ? module : "none",
    command: textOf(binder, "firewall_command"),
    offload: offload === "nftables" || offload === "auto" ? offload : "off",
  };
}

function bindLog(binder: Binder): LogConfig {
  return {
    silenceLog: numberOf(binder, "silence_log"),
    debugLevel: numberOf(binder, "debug_level"),
    debugPort: numberOf(binder, "debug_port"),
    debugAddress: textOf(binder, "debug_address") ?? "127.0.0.1",
    format: bindLogFormat(textOf(binder, "log_format")),
    componentLevels: logLevelsOf(binder, "log_level"),
    syslogSocket: textOf(binder, "syslog_socket") ?? "/dev/log",
    syslogServer: hostPortOf(binder, "syslog_server"),
  };
}

function bindLogFormat(written: string | undefined): LogConfig["format"] {
  if (written === "json" || written === "logfmt") return written;
  return "text";
}

function bindPlugins(binder: Binder, options: readonly PluginOption[]): PluginsConfig {
  // Nothing reads the stack size, but a wrong number in it is still worth a line.
  numberOf(binder, "thread_stack_size");
  return {
    directory: withSlash(textOf(binder, "plugindir")),
    load: textsOf(binder, "load_plugin"),
    options,
    strict: flagOf(binder, "plugin_strict"),
  };
}

function withSlash(path: string | undefined): string | undefined {
  return path === undefined || path.endsWith("/") ? path : `${path}/`;
}

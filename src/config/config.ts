/**
 * The effective configuration of the daemon: one frozen, typed value with units in its names.
 * It holds no text that still has to be parsed, except what belongs to plugins and to names that
 * only the resolver can turn into addresses. `load.ts` builds it from siproxd.conf and `--set`;
 * the shell and, through it, the signalling and media isolates read it (it is plain data and can be
 * posted to a Worker as it is).
 *
 * @module
 */

/** A host (name or address text) with a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where an entry of the configuration came from; `--set` entries carry the file name `--set` and
 * their ordinal as line. */
export interface ConfigPosition {
  /** Name of the file as it was given. */
  readonly fileName: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** One `host/bits` of an access list; a `name` is resolved at run time, off the message path. */
export interface AccessEntry {
  /** `name` is looked up when it is needed. */
  readonly kind: "address" | "name";
  /** Address or name, without bits. */
  readonly host: string;
  /** Prefix length: 0…32 for IPv4 and names, 0…128 for IPv6. */
  readonly bits: number;
}

/** One pair of `mask_host` and `masked_host`. */
export interface MaskedHost {
  readonly host: string;
  readonly maskedHost: string;
}

/** A configured next hop; without a port it is located by SRV (RFC 3263 §4.2), then at port 5060. */
export interface ConfiguredHop {
  readonly host: string;
  readonly port: number | undefined;
}

/** One triple of `outbound_domain_name`, `_host` and `_port`. */
export interface OutboundDomain extends ConfiguredHop {
  readonly domain: string;
}

/** One `plugin_<name>_<option>` line, kept as text until the plugin's own schema reads it. */
export interface PluginOption {
  /** Whole key, such as `plugin_stun_server`. */
  readonly key: string;
  /** Text behind the `=`, trimmed. */
  readonly value: string;
  /** Position of the key. */
  readonly position: ConfigPosition;
  /** Column of the value on the same line. */
  readonly valueColumn: number;
}

/** Sides of the daemon; undefined means: found from the machine's routing table. */
export interface InterfacesConfig {
  /** Name or address of the LAN side (`if_inbound`), or an IPv4 and an IPv6 address with a comma between. */
  readonly inbound: string | undefined;
  /** The same of the Internet side (`if_outbound`). */
  readonly outbound: string | undefined;
  /** Public address or name used in Via, Contact and SDP in place of the outbound address. */
  readonly hostOutbound: string | undefined;
  /** Whether sides that are named by interface have their IPv6 address too, and which servers are tried first. */
  readonly ipv6: "off" | "fallback" | "prefer";
}

/** TCP signalling. */
export interface TcpConfig {
  /** Idle time after which a connection without a live binding is closed. */
  readonly timeoutSeconds: number;
  readonly connectTimeoutMs: number;
  /** Period of the CRLF keep-alive (RFC 5626 §3.5.1); 0 is off. */
  readonly keepaliveSeconds: number;
}

/** SIP signalling. */
export interface SipConfig {
  readonly listenPort: number;
  /** Whether our own Via asks for rport (RFC 3581) towards each side. */
  readonly useRport: { readonly lan: boolean; readonly wan: boolean };
  /** Answer every UDP request to its source port, as if it had asked for rport. */
  readonly forceRport: boolean;
  /** User-Agent put into outgoing messages; undefined leaves the phone's. */
  readonly uaString: string | undefined;
  readonly obscureLoops: boolean;
  /** `known`: outbound sources that we have no business with get no answer at all. */
  readonly wanPeers: "any" | "known";
  /** Use siproxd's own status codes (408, 503) where ours differ. */
  readonly compatResponses: boolean;
  /** Match incoming requests by the user part alone when nothing better matches. */
  readonly userPartMatching: boolean;
  readonly maskHosts: readonly MaskedHost[];
  readonly outboundProxy: ConfiguredHop | undefined;
  readonly outboundDomains: readonly OutboundDomain[];
  /** Locate next hops by NAPTR and SRV (RFC 3263); otherwise plain address records. */
  readonly useSrv: boolean;
  /** Expiry of a REGISTER that names none. */
  readonly defaultExpiresSeconds: number;
  /** Expiry answered to phones while the registrar keeps its own; 0 is off. */
  readonly lanExpiresSeconds: number;
  readonly tcp: TcpConfig;
  /** DSCP of SIP packets; 0 leaves them alone. */
  readonly dscp: number;
}

/** RTP and RTCP relay. */
export interface RtpConfig {
  readonly enabled: boolean;
  /** First (even) RTP port. */
  readonly portLow: number;
  /** Last (even) RTP port; its RTCP port is one above. */
  readonly portHigh: number;
  /** Seconds without a packet after which a stream is dropped. */
  readonly timeoutSeconds: number;
  /** The same while a call is on hold. */
  readonly holdTimeoutSeconds: number;
  /** DSCP of media packets; 0 leaves them alone. */
  readonly dscp: number;
  /** Artificial delay of RTP that arrives from the Internet; 0 is off. */
  readonly inputDejitterMs: number;
  /** Artificial delay of RTP that arrives from the LAN; 0 is off. */
  readonly outputDejitterMs: number;
  /** Isolates that relay media; `auto` goes by the machine. */
  readonly workers: number | "auto";
}

/** Access lists; undefined means the directive is not set, which is not the same as an empty list. */
export interface AccessConfig {
  readonly allowReg: readonly AccessEntry[] | undefined;
  readonly allowSip: readonly AccessEntry[] | undefined;
  readonly denySip: readonly AccessEntry[] | undefined;
}

/** Registration table and its file. */
export interface RegistrarConfig {
  /** File the table is kept in; undefined keeps it in memory only. */
  readonly file: string | undefined;
  /** Period of the unconditional save; 0 saves only after changes and at exit. */
  readonly autosaveSeconds: number;
  /** Shortest time between two saves that follow changes. */
  readonly writeDelaySeconds: number;
  /** Most bindings the table takes. */
  readonly maxRegistrations: number;
}

/** Digest authentication of REGISTER; it is on when a realm is set. */
export interface AuthConfig {
  readonly realm: string | undefined;
  /** One password for all users; `passwordFile` wins. */
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
  /** `local`: only REGISTER addressed to us; `all`: every REGISTER that passes. */
  readonly scope: "local" | "all";
  /** What challenges offer and credentials may use, the preferred one first; undefined: what the passwords ask for. */
  readonly algorithms: readonly ("MD5" | "SHA-256")[] | undefined;
}

/** Life of the process. */
export interface DaemonConfig {
  readonly user: string | undefined;
  readonly chrootJail: string | undefined;
  readonly pidFile: string | undefined;
  readonly daemonize: boolean;
}

/** Lowest level of one component's log events, whatever the debug classes say. */
export interface ComponentLevel {
  readonly component: string;
  readonly level: "error" | "warning" | "info" | "debug";
}

/** Logging. */
export interface LogConfig {
  /** Syslog verbosity: 0 everything, 1 no debug, 2 no info, 3 errors only, 4 nothing. */
  readonly silenceLog: number;
  /** Bit mask of debug classes, unsigned 32 bits. */
  readonly debugLevel: number;
  /** TCP port of the debug listener; 0 is off. */
  readonly debugPort: number;
  readonly debugAddress: string;
  /** Line format on stderr: siproxd's own, `key=value`, or one JSON object a line. */
  readonly format: "text" | "logfmt" | "json";
  readonly componentLevels: readonly ComponentLevel[];
  /** Socket of the local syslog daemon. */
  readonly syslogSocket: string;
  /** A further syslog daemon, reached over UDP; undefined sends nothing. */
  readonly syslogServer: HostPort | undefined;
}

/** Plugins to load, in processing order, and their raw options. */
export interface PluginsConfig {
  readonly directory: string | undefined;
  readonly load: readonly string[];
  readonly options: readonly PluginOption[];
  /** A plugin that cannot be loaded ends the start. */
  readonly strict: boolean;
}

/** Marks and doors that the kernel is told about. */
export interface FirewallConfig {
  /** Who opens the ports of live streams and closes them again; `none` leaves the firewall alone. */
  readonly module: "none" | "nftables" | "command";
  /** Program that `command` runs. */
  readonly command: string | undefined;
  /** Whether the kernel relays the media of calls whose ends are known; `auto` where it can. */
  readonly offload: "off" | "nftables" | "auto";
}

/** Where `siproxd status` asks. */
export type StatusPlace =
  | { readonly kind: "none" }
  | { readonly kind: "path"; readonly path: string }
  | ({ readonly kind: "tcp" } & HostPort);

/** What operators may ask a running daemon. */
export interface StatusConfig {
  /** Undefined: the first place of its own that can be written to. */
  readonly socket: StatusPlace | undefined;
}

/** Prometheus endpoint. */
export interface MetricsConfig {
  readonly listen: HostPort | undefined;
}

/** Everything the daemon was told. */
export interface Config {
  readonly interfaces: InterfacesConfig;
  readonly sip: SipConfig;
  readonly rtp: RtpConfig;
  readonly access: AccessConfig;
  readonly registrar: RegistrarConfig;
  readonly auth: AuthConfig;
  readonly daemon: DaemonConfig;
  readonly log: LogConfig;
  readonly plugins: PluginsConfig;
  readonly firewall: FirewallConfig;
  readonly status: StatusConfig;
  readonly metrics: MetricsConfig;
}

import { FLAG, integer, SECONDS, SECONDS_OR_OFF, section } from "./directive.ts";
import type { Directive } from "./schema.ts";

/** Longest artificial delay: 1.5 s, siproxd's own limit. */
const MAX_DEJITTER_US = 1_500_000;

/** Longest wait for a TCP connect: ten minutes. */
const MAX_CONNECT_MS = 600_000;

/** RTP and RTCP relay. */
export const RTP_DIRECTIVES: readonly Directive[] = section("rtp", [
  {
    key: "rtp_proxy_enable",
    type: FLAG,
    default: "1",
    help: "1 relays media; 0 leaves session descriptions and media alone.",
    example: "1",
  },
  {
    key: "rtp_port_low",
    type: integer(1, { max: 65534, unit: "port" }),
    default: "7070",
    help: "First UDP port for media; an odd number is rounded up.",
    example: "7070",
  },
  {
    key: "rtp_port_high",
    type: integer(1, { max: 65535, unit: "port" }),
    default: "7089",
    help: "Last UDP port for media. Each stream takes two ports on each side: 7070–7089 carries " +
      "ten one-media calls.",
    example: "7089",
  },
  {
    key: "rtp_timeout",
    type: SECONDS,
    default: "300",
    help: "Time without a packet after which a media stream is dropped.",
    example: "300",
  },
  {
    key: "rtp_hold_timeout",
    type: SECONDS,
    default: "14400",
    origin: "new",
    help: "The same while a call is on hold.",
    example: "14400",
  },
  {
    key: "rtp_input_dejitter",
    type: integer(0, { max: MAX_DEJITTER_US, unit: "microseconds" }),
    default: "0",
    help: "Delay that evens out RTP arriving from the Internet; 0 is off.",
    example: "40000",
  },
  {
    key: "rtp_output_dejitter",
    type: integer(0, { max: MAX_DEJITTER_US, unit: "microseconds" }),
    default: "0",
    help: "Delay that evens out RTP arriving from the phones; 0 is off.",
    example: "40000",
  },
  {
    key: "media_workers",
    type: {
      kind: "choice",
      choices: ["auto", "1", "2", "3", "4", "5", "6", "7", "8"],
    },
    default: "auto",
    origin: "new",
    help: "Processor cores that relay media in the daemon; the media ports are divided among " +
      "them. auto: a second one where the machine has more than two cores and the range has " +
      "128 pairs of ports, as soon as 32 streams are up.",
    example: "2",
  },
  {
    key: "thread_stack_size",
    type: integer(0, { max: 2_147_483_647, unit: "kilobytes" }),
    default: "0",
    help: "Accepted and ignored: there is no thread to size.",
    example: "0",
  },
]);

/** Quality of service. */
export const QUALITY_DIRECTIVES: readonly Directive[] = section("quality", [
  {
    key: "rtp_dscp",
    type: integer(0, { max: 63 }),
    default: "0",
    help: "DSCP of media packets; 46 is expedited forwarding, 0 leaves them alone. A table of " +
      "nftables sets it, which needs nft and CAP_NET_ADMIN (root, or the unit file).",
    example: "46",
  },
  {
    key: "sip_dscp",
    type: integer(0, { max: 63 }),
    default: "0",
    help: "DSCP of SIP packets; 0 leaves them alone. Set in the same way.",
    example: "24",
  },
]);

/** Doors for media, and its way through the kernel. */
export const FIREWALL_DIRECTIVES: readonly Directive[] = section("firewall", [
  {
    key: "firewall_module",
    type: { kind: "choice", choices: ["none", "nftables", "command"] },
    default: "none",
    origin: "new",
    help:
      "nftables: of rtp_port_low to rtp_port_high only the ports of live streams are open, by a " +
      "table that is gone when the daemon is; command: firewall_command runs for every stream.",
    example: "nftables",
  },
  {
    key: "firewall_command",
    type: { kind: "path" },
    origin: "new",
    help: "Program of firewall_module = command, run as PROGRAM start|change|stop " +
      "incoming|outgoing OWN-ADDRESS OWN-PORT PEER-ADDRESS PEER-PORT STREAM, by the daemon's user.",
    example: "/etc/siproxd/firewall",
  },
  {
    key: "media_offload",
    type: { kind: "choice", choices: ["off", "nftables", "auto"] },
    default: "off",
    origin: "new",
    help: "nftables: the kernel relays a call's media once both ends are known, which takes IP " +
      "forwarding, nft and CAP_NET_ADMIN; auto: the same where the machine can do it, without a " +
      "warning where it cannot; off: every packet passes through the daemon.",
    example: "auto",
  },
]);

/** SIP over TCP. */
export const TCP_DIRECTIVES: readonly Directive[] = section("tcp", [
  {
    key: "tcp_timeout",
    type: SECONDS,
    default: "600",
    help: "Idle time after which a TCP connection is closed, unless a phone is registered " +
      "through it.",
    example: "600",
  },
  {
    key: "tcp_connect_timeout",
    type: integer(1, { max: MAX_CONNECT_MS, unit: "milliseconds" }),
    default: "500",
    help: "Longest wait for an outgoing TCP connection; nothing else waits for it.",
    example: "500",
  },
  {
    key: "tcp_keepalive",
    type: SECONDS_OR_OFF,
    default: "0",
    help: "Period of keep-alives on TCP connections; 0 is off.",
    example: "20",
  },
]);

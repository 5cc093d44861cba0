import { FLAG, HEADER_TEXT, integer, OLD_FLAG, section } from "./directive.ts";
import { MAX_EXPIRES_SECONDS } from "./directive.ts";
import type { Directive } from "./schema.ts";

/** Which side is which. */
export const INTERFACE_DIRECTIVES: readonly Directive[] = section("interfaces", [
  {
    key: "if_inbound",
    type: { kind: "interface" },
    help:
      "Interface of the local network, where the phones are: its name, an address of it, or an " +
      "IPv4 and an IPv6 address with a comma between. Unset: found from the routing table.",
    example: "eth0",
  },
  {
    key: "if_outbound",
    type: { kind: "interface" },
    help:
      "Interface of the Internet side, named in the same way. Unset: the one with the default " +
      "route.",
    example: "ppp0",
  },
  {
    key: "host_outbound",
    type: { kind: "host" },
    help: "Public address or host name to show to the Internet in place of the address of " +
      "if_outbound, for a machine in front of which another NAT router stands.",
    example: "sip.example.org",
  },
  {
    key: "ipv6",
    type: { kind: "choice", choices: ["off", "fallback", "prefer"] },
    default: "fallback",
    origin: "new",
    help: "Whether an interface that is given by name or found serves its IPv6 address beside " +
      "IPv4, and which servers are tried first: fallback takes a server's IPv4 address where it " +
      "has one, prefer its IPv6 address; off serves IPv4 only.",
    example: "off",
  },
]);

/** Who may do what. */
export const ACCESS_DIRECTIVES: readonly Directive[] = section("access", [
  {
    key: "hosts_allow_reg",
    type: { kind: "access-list" },
    help: "Networks whose hosts may register. Unset: everybody on the inbound side.",
    example: "192.168.1.0/24,192.168.2.0/24",
  },
  {
    key: "hosts_allow_sip",
    type: { kind: "access-list" },
    help: "Networks whose hosts may send SIP at all. Unset: everybody.",
    example: "123.45.0.0/16,123.46.0.0/16",
  },
  {
    key: "hosts_deny_sip",
    type: { kind: "access-list" },
    help: "Networks whose hosts are never listened to; wins over both allow lists.",
    example: "10.0.0.0/8,11.0.0.0/8",
  },
  {
    key: "wan_peers",
    type: { kind: "choice", choices: ["any", "known"] },
    default: "any",
    origin: "new",
    help: "known: sources on the Internet that are neither registrar, proxy, trunk, named in " +
      "hosts_allow_sip nor part of a dialog get no answer at all.",
    example: "known",
  },
]);

/** SIP signalling. */
export const SIP_DIRECTIVES: readonly Directive[] = section("sip", [
  {
    key: "sip_listen_port",
    type: integer(1, { max: 65535, unit: "port" }),
    default: "5060",
    help: "UDP and TCP port for SIP on both sides.",
    example: "5060",
  },
  {
    key: "default_expires",
    type: integer(1, { max: MAX_EXPIRES_SECONDS, unit: "seconds" }),
    default: "600",
    help: "Expiry of a REGISTER that names none.",
    example: "600",
  },
  {
    key: "lan_expires",
    type: integer(0, { max: MAX_EXPIRES_SECONDS, unit: "seconds" }),
    default: "0",
    origin: "new",
    help: "Expiry answered to phones while the registrar keeps its own, so that phones come back " +
      "soon after an address change; 0 passes the registrar's.",
    example: "30",
  },
  {
    key: "use_rport",
    type: integer(0, { max: 3 }),
    default: "0",
    help: "Put ;rport (RFC 3581) into our own Via: 1 towards the phones, 2 towards the Internet, " +
      "3 both.",
    example: "2",
  },
  {
    key: "force_rport",
    type: FLAG,
    default: "0",
    origin: "new",
    help: "Answer every UDP request to its source port, as if it had asked for rport; for " +
      "transparent mode.",
    example: "1",
  },
  {
    key: "ua_string",
    type: HEADER_TEXT,
    help: "User-Agent shown in place of the phone's own. Unset: the phone's.",
    example: "Siproxd-UA",
  },
  {
    key: "obscure_loops",
    type: OLD_FLAG,
    default: "0",
    help: "Change the Call-ID of outgoing requests, so that a call that comes back is not taken " +
      "for a loop.",
    example: "1",
  },
  {
    key: "user_part_matching",
    type: FLAG,
    default: "1",
    origin: "new",
    help: "Find the phone of an incoming request by the user part alone when nothing better " +
      "matches.",
    example: "0",
  },
  {
    key: "compat_responses",
    type: FLAG,
    default: "0",
    origin: "new",
    help: "Give the status codes of C siproxd (408, 503) where ours differ.",
    example: "1",
  },
  {
    key: "use_srv",
    type: FLAG,
    default: "1",
    origin: "new",
    help: "Locate next hops by NAPTR and SRV records (RFC 3263); 0: address records only.",
    example: "0",
  },
]);

import { HEADER_TEXT, integer, SECRET, section } from "./directive.ts";
import type { Directive } from "./schema.ts";

/** Digest authentication. */
export const AUTHENTICATION_DIRECTIVES: readonly Directive[] = section("authentication", [
  {
    key: "proxy_auth_realm",
    type: HEADER_TEXT,
    help: "Realm of digest authentication; setting it switches authentication on.",
    example: "Authentication_Realm",
  },
  {
    key: "proxy_auth_passwd",
    type: SECRET,
    help: "One password for every user.",
    example: "password",
  },
  {
    key: "proxy_auth_pwfile",
    type: { kind: "path" },
    help: "File of users and passwords; wins over proxy_auth_passwd.",
    example: "/etc/siproxd_passwd.cfg",
  },
  {
    key: "proxy_auth_scope",
    type: { kind: "choice", choices: ["local", "all"] },
    default: "local",
    origin: "new",
    help: "local: authenticate REGISTERs addressed to us; all: every REGISTER that passes.",
    example: "all",
  },
  {
    key: "proxy_auth_algorithm",
    type: { kind: "choice", choices: ["auto", "md5", "sha-256", "sha-256,md5", "md5,sha-256"] },
    default: "auto",
    origin: "new",
    help: "Hashes that phones may prove their password with, the preferred one first (RFC 8760). " +
      "auto: MD5, which every phone knows, unless the lines of proxy_auth_pwfile hold hashes of " +
      "SHA-256.",
    example: "sha-256,md5",
  },
]);

/** Hiding local names. */
export const MASQUERADING_DIRECTIVES: readonly Directive[] = section("masquerading", [
  {
    key: "mask_host",
    type: { kind: "host" },
    repeat: "array",
    help: "Host that some phones put into their address of record although it is only local; " +
      "stands in pairs with masked_host.",
    example: "192.168.1.10",
  },
  {
    key: "masked_host",
    type: { kind: "host" },
    repeat: "array",
    help: "Host that replaces the mask_host of the same position.",
    example: "public.example.org",
  },
]);

/** Where outgoing requests go. */
export const OUTBOUND_DIRECTIVES: readonly Directive[] = section("outbound proxies", [
  {
    key: "outbound_proxy_host",
    type: { kind: "host" },
    help: "Next hop of every outgoing request.",
    example: "proxy.example.org",
  },
  {
    key: "outbound_proxy_port",
    type: integer(0, { max: 65535, unit: "port" }),
    default: "0",
    help: "Port of outbound_proxy_host; 0: the one its SRV records name, else 5060.",
    example: "5060",
  },
  {
    key: "outbound_domain_name",
    type: { kind: "host" },
    repeat: "array",
    help: "Domain whose requests go to an outbound proxy of its own; stands in triples with " +
      "outbound_domain_host and outbound_domain_port.",
    example: "example.org",
  },
  {
    key: "outbound_domain_host",
    type: { kind: "host" },
    repeat: "array",
    help: "Next hop for the outbound_domain_name of the same position.",
    example: "proxy.example.org",
  },
  {
    key: "outbound_domain_port",
    type: integer(0, { max: 65535, unit: "port" }),
    repeat: "array",
    help: "Port for the outbound_domain_name of the same position; 0 as in outbound_proxy_port.",
    example: "5060",
  },
]);

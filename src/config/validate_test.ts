import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { loadConfig } from "./load.ts";

function said(text: string): readonly string[] {
  return loadConfig({ text, fileName: "f" }).issues.map((issue) =>
    `${issue.severity} ${issue.key}`
  );
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["a public host_outbound", "host_outbound = 203.0.113.1", []],
  ["a named host_outbound", "host_outbound = sip.example.org", []],
  ["a private host_outbound", "host_outbound = 10.1.1.1", ["warning host_outbound"]],
  ["a loopback host_outbound", "host_outbound = 127.0.0.1", ["warning host_outbound"]],
  ["an unspecified host_outbound", "host_outbound = 0.0.0.0", ["error host_outbound"]],
  ["a multicast host_outbound", "host_outbound = 224.0.0.1", ["error host_outbound"]],
  ["one interface on both sides", "if_inbound = eth0\nif_outbound = eth0", []],
  ["time-outs at the edge", "rtp_timeout = 60\nrtp_hold_timeout = 60", []],
  ["a short rtp_timeout", "rtp_timeout = 59", ["warning rtp_timeout"]],
  ["a hold time-out below", "rtp_hold_timeout = 299", ["warning rtp_hold_timeout"]],
  ["an open allow list", "hosts_allow_reg = 0.0.0.0/0", ["warning hosts_allow_reg"]],
  [
    "an open allow list behind a password",
    "hosts_allow_reg = 0.0.0.0/0\nproxy_auth_realm = r\nproxy_auth_passwd = p",
    [],
  ],
  ["a realm without password", "proxy_auth_realm = r", ["warning proxy_auth_realm"]],
  ["a realm with a file", "proxy_auth_realm = r\nproxy_auth_pwfile = /x", []],
  ["a password file without realm", "proxy_auth_pwfile = /x", ["warning proxy_auth_pwfile"]],
  ["a scope without realm", "proxy_auth_scope = all", ["warning proxy_auth_scope"]],
  ["an algorithm without realm", "proxy_auth_algorithm = md5", ["warning proxy_auth_algorithm"]],
  ["the algorithm of the passwords without realm", "proxy_auth_algorithm = auto", []],
  ["the local scope without realm", "proxy_auth_scope = local", []],
  ["a privileged port", "sip_listen_port = 1023", ["warning sip_listen_port"]],
  ["the first unprivileged port", "sip_listen_port = 1024", []],
  ["a usual lan_expires", "lan_expires = 30", []],
  ["a tiny lan_expires", "lan_expires = 9", ["warning lan_expires"]],
  ["a proxy port alone", "outbound_proxy_port = 5060", ["warning outbound_proxy_port"]],
  ["a debug port on loopback", "debug_port = 5050", []],
  ["a debug address without port", "debug_address = 10.0.0.1", []],
  ["a path out of the jail", "chrootjail = /jail\npid_file = /run/../x", ["error pid_file"]],
  ["a registration file out of the jail", "chrootjail = /j\nregistration_file = ../x", [
    "error registration_file",
  ]],
  ["dots inside a name in the jail", "chrootjail = /jail\npid_file = /run/a..b", []],
  ["dots without a jail", "pid_file = /run/../x", []],
  ["an open debug port", "debug_port = 1\ndebug_address = ::", ["warning debug_address"]],
  ["the command module without a command", "firewall_module = command", ["error firewall_module"]],
  ["the command module", "firewall_module = command\nfirewall_command = /x", []],
  ["a relative command", "firewall_module = command\nfirewall_command = x", [
    "error firewall_command",
  ]],
  ["a command without its module", "firewall_command = /x", ["warning firewall_command"]],
  ["the nftables module", "firewall_module = nftables", []],
  ["metrics on loopback by a port alone", "metrics_listen = 9160", []],
  ["metrics on loopback", "metrics_listen = localhost:9160", []],
  ["metrics for all", "metrics_listen = 10.0.0.1:9160", ["warning metrics_listen"]],
  ["a stack size of 0", "thread_stack_size = 0", []],
  ["a stack size", "thread_stack_size = 512", ["warning thread_stack_size"]],
  ["a SIP port inside the media range", "sip_listen_port = 7071", ["warning rtp_port_low"]],
  ["a SIP port below the range", "sip_listen_port = 7069", []],
  ["a SIP port above the range", "sip_listen_port = 7090", []],
  ["ports below 1024", "rtp_port_low = 1022\nrtp_port_high = 1030", ["warning rtp_port_low"]],
  ["an empty range", "rtp_port_high = 7069", ["error rtp_port_high"]],
  ["an empty range by the low end", "rtp_port_low = 7090", ["error rtp_port_low"]],
  ["a range below the ephemeral", "rtp_port_high = 32767", []],
  ["a range into the ephemeral", "rtp_port_high = 32769", ["warning rtp_port_low"]],
  ["a range above the ephemeral", "rtp_port_low = 61000\nrtp_port_high = 61999", []],
  ["unequal masks", "masked_host = a", ["error masked_host"]],
  ["a triple without its port", "outbound_domain_name = a\noutbound_domain_host = b", [
    "error outbound_domain_name",
  ]],
  ["a plugin in two spellings", "load_plugin = stun\nload_plugin = plugin_stun.la", [
    "warning load_plugin",
  ]],
];

for (const [name, text, expected] of cases) {
  Deno.test(`validateConfig() says ${expected.join(", ") || "nothing"} of ${name}`, () => {
    deepStrictEqual(said(text), expected);
  });
}

Deno.test("validateConfig() puts an issue without a line of its own at the top of the file", () => {
  const { issues } = loadConfig({
    text: "\n\nhost_outbound = 10.0.0.1\nproxy_auth_pwfile = /x\nrtp_port_high = 33000",
    fileName: "f",
  });
  const places = issues.map(({ key, position }) => `${key} ${position.line}:${position.column}`);
  deepStrictEqual(places, ["rtp_port_low 1:1", "host_outbound 3:17", "proxy_auth_pwfile 4:21"]);
  strictEqual(issues.every((issue) => issue.severity === "warning"), true);
});

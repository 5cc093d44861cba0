import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readValue } from "./binder.ts";
import { DIRECTIVES, findDirective } from "./directives.ts";

/** The directives of C siproxd, in the order of its reference. */
const siproxdKeys = [
  "if_inbound",
  "if_outbound",
  "host_outbound",
  "hosts_allow_reg",
  "hosts_allow_sip",
  "hosts_deny_sip",
  "sip_listen_port",
  "daemonize",
  "silence_log",
  "user",
  "chrootjail",
  "thread_stack_size",
  "registration_file",
  "autosave_registrations",
  "pid_file",
  "rtp_proxy_enable",
  "rtp_port_low",
  "rtp_port_high",
  "rtp_timeout",
  "rtp_dscp",
  "sip_dscp",
  "rtp_input_dejitter",
  "rtp_output_dejitter",
  "default_expires",
  "tcp_timeout",
  "tcp_connect_timeout",
  "tcp_keepalive",
  "proxy_auth_realm",
  "proxy_auth_passwd",
  "proxy_auth_pwfile",
  "debug_level",
  "debug_port",
  "mask_host",
  "masked_host",
  "ua_string",
  "use_rport",
  "obscure_loops",
  "outbound_proxy_host",
  "outbound_proxy_port",
  "outbound_domain_name",
  "outbound_domain_host",
  "outbound_domain_port",
  "plugindir",
  "load_plugin",
] as const;

Deno.test("DIRECTIVES has the 44 directives of siproxd, and knows which are ours", () => {
  const old = DIRECTIVES.filter((directive) => directive.origin === "siproxd");
  strictEqual(siproxdKeys.length, 44);
  deepStrictEqual(old.map((directive) => directive.key).sort(), [...siproxdKeys].sort());
});

Deno.test("DIRECTIVES has no key twice", () => {
  strictEqual(new Set(DIRECTIVES.map((directive) => directive.key)).size, DIRECTIVES.length);
});

Deno.test("DIRECTIVES repeats exactly siproxd's arrays", () => {
  const arrays = DIRECTIVES.filter((directive) => directive.repeat === "array");
  deepStrictEqual(arrays.map((directive) => directive.key), [
    "mask_host",
    "masked_host",
    "outbound_domain_name",
    "outbound_domain_host",
    "outbound_domain_port",
    "load_plugin",
  ]);
});

for (const directive of DIRECTIVES) {
  const { key, type, example, defaultText, help } = directive;
  Deno.test(`DIRECTIVES: ${key} has an example and a default that can be read, and a help text`, () => {
    deepStrictEqual(readValue(example, type).remarks, []);
    deepStrictEqual(readValue(defaultText ?? example, type).remarks, []);
    match(help, /^.{10,}\.$/s);
  });
}

Deno.test("findDirective() wants the exact key", () => {
  strictEqual(findDirective("if_inbound")?.group, "interfaces");
  strictEqual(findDirective("If_Inbound"), undefined);
  strictEqual(findDirective("xif_inboundx"), undefined);
  strictEqual(findDirective("__proto__"), undefined);
});

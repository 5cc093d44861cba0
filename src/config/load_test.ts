import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig, type LoadOutcome } from "./load.ts";

function load(text: string, ...settings: readonly string[]): LoadOutcome {
  const overrides = settings.map((setting) => ({ text: setting, option: "--set" as const }));
  return loadConfig({ text, fileName: "f", overrides });
}

function lines(outcome: LoadOutcome): readonly string[] {
  return outcome.issues.map(formatIssue);
}

Deno.test("row 70: spaces, inline comment, hex, tab before =, CRLF are read as siproxd does", () => {
  const { loaded, issues } = load(
    "  if_inbound   =   eth0   # LAN\r\nif_outbound\t= ppp0\r\ndebug_level = 0x84\r\n" +
      "tcp_timeout =\t900\r\nua_string = Two Words\r\n\r\n  # end\r\n",
  );
  deepStrictEqual(issues, []);
  strictEqual(loaded?.config.interfaces.inbound, "eth0");
  strictEqual(loaded?.config.interfaces.outbound, "ppp0");
  strictEqual(loaded?.config.log.debugLevel, 0x84);
  strictEqual(loaded?.config.sip.tcp.timeoutSeconds, 900);
  strictEqual(loaded?.config.sip.uaString, "Two Words");
});

Deno.test("row 70: unknown key, no =, empty value are warnings and the rest of the file counts", () => {
  const outcome = load("xif_inboundx = eth0\nno sign here\nrtp_timeout =\nif_inbound = eth1\n");
  strictEqual(outcome.loaded?.config.interfaces.inbound, "eth1");
  strictEqual(outcome.loaded?.config.rtp.timeoutSeconds, 300);
  deepStrictEqual(lines(outcome), [
    'f:1:1: warning: xif_inboundx: Cannot use key "xif_inboundx": no such directive, nearest is ' +
    '"if_inbound" (example: if_inbound = eth0)',
    'f:2:1: warning: no: Cannot read line: no "=" after "no"',
    "f:3:1: warning: rtp_timeout: Cannot use empty value: what was set before or the default " +
    "(300) stays (example: rtp_timeout = 300)",
  ]);
});

const ranges: readonly (readonly [string, string, number, number, number])[] = [
  ["odd low", "rtp_port_low = 7071\nrtp_port_high = 7090", 7072, 7090, 1],
  ["odd high", "rtp_port_low = 7070\nrtp_port_high = 7091", 7070, 7090, 0],
  ["both even", "rtp_port_low = 7070\nrtp_port_high = 7090", 7070, 7090, 0],
  ["one pair", "rtp_port_low = 7070\nrtp_port_high = 7071", 7070, 7070, 0],
  ["the very top", "rtp_port_low = 65534\nrtp_port_high = 65535", 65534, 65534, 0],
  ["odd octal low", "rtp_port_low = 015637\nrtp_port_high = 7091", 7072, 7090, 1],
];

for (const [name, text, portLow, portHigh, warnings] of ranges) {
  Deno.test(`row 70: media ports with ${name} are rounded inwards`, () => {
    const { loaded, issues } = load(text);
    strictEqual(loaded?.config.rtp.portLow, portLow);
    strictEqual(loaded?.config.rtp.portHigh, portHigh);
    strictEqual(issues.length, warnings);
  });
}

Deno.test("row 71: a value that contains another key is a value", () => {
  const { loaded, issues } = load(
    "registration_file = /home/user/daemonize\nif_outbound = user\nuser = nobody\n",
  );
  deepStrictEqual(issues, []);
  strictEqual(loaded?.config.registrar.file, "/home/user/daemonize");
  strictEqual(loaded?.config.interfaces.outbound, "user");
  strictEqual(loaded?.config.daemon.user, "nobody");
});

Deno.test("row 72: rtp_proxy_enable other than 0 and 1 refuses the configuration", () => {
  for (const value of ["2", "-1", "on"]) {
    const outcome = load(`rtp_proxy_enable = ${value}`);
    strictEqual(outcome.loaded, undefined);
    deepStrictEqual(lines(outcome), [
      `f:1:20: error: rtp_proxy_enable: Cannot use "${value}": write 1 for on or 0 for off ` +
      "(example: rtp_proxy_enable = 1)",
    ]);
  }
});

Deno.test("loadConfig() turns the relay off with rtp_proxy_enable = 0, whatever the ports", () => {
  const { loaded } = load("rtp_proxy_enable = 0\nrtp_port_low = 9000\nrtp_port_high = 8000");
  strictEqual(loaded?.config.rtp.enabled, false);
});

Deno.test("loadConfig() reports everything at once, in reading order", () => {
  const outcome = load("rtp_timeout = x\nmask_host = a\nno_such = 1\nsip_dscp = 99", "user");
  strictEqual(outcome.loaded, undefined);
  deepStrictEqual(lines(outcome).map((line) => line.split(": ", 3).join(": ")), [
    "f:1:15: error: rtp_timeout",
    "f:2:13: error: mask_host",
    "f:3:1: warning: no_such",
    "f:4:12: error: sip_dscp",
    "--set:1:1: error: user",
  ]);
});

Deno.test("loadConfig() numbers the settings of the command line", () => {
  const outcome = load("", "if_inbound=eth0", "rtp_timeout=never", "sip_listen_port=5070");
  deepStrictEqual(lines(outcome), [
    '--set:2:13: error: rtp_timeout: Cannot use number "never": not a number ' +
    "(example: rtp_timeout = 300)",
  ]);
});

Deno.test("loadConfig() refuses an unknown key on the command line", () => {
  const outcome = load("", "if_inbund=eth0");
  strictEqual(outcome.loaded, undefined);
  deepStrictEqual(lines(outcome), [
    '--set:1:1: error: if_inbund: Cannot use key "if_inbund": no such directive, nearest is ' +
    '"if_inbound" (example: if_inbound = eth0)',
  ]);
});

Deno.test("loadConfig() can take every value from the command line", () => {
  const { loaded, issues } = load(
    "",
    "if_inbound=10.0.0.1",
    "load_plugin=stun",
    "load_plugin=demo",
  );
  deepStrictEqual(issues, []);
  strictEqual(loaded?.config.interfaces.inbound, "10.0.0.1");
  deepStrictEqual(loaded?.config.plugins.load, ["stun", "demo"]);
});

const offValues: readonly (readonly [string, number])[] = [["0", 0], ["-5", 0], ["20", 20]];

for (const [value, expected] of offValues) {
  Deno.test(`loadConfig() takes autosave and keep-alive of ${value} as siproxd does`, () => {
    const { loaded } = load(`autosave_registrations = ${value}\ntcp_keepalive = ${value}`);
    strictEqual(loaded?.config.registrar.autosaveSeconds, expected);
    strictEqual(loaded?.config.sip.tcp.keepaliveSeconds, expected);
  });
}

const rports: readonly (readonly [string, boolean, boolean])[] = [
  ["0", false, false],
  ["1", true, false],
  ["2", false, true],
  ["3", true, true],
];

for (const [value, lan, wan] of rports) {
  Deno.test(`loadConfig() splits use_rport = ${value} by side`, () => {
    deepStrictEqual(load(`use_rport = ${value}`).loaded?.config.sip.useRport, { lan, wan });
  });
}

Deno.test("loadConfig() leaves the port of an outbound proxy open for SRV unless it is set", () => {
  const host = "outbound_proxy_host = proxy.example.org\n";
  deepStrictEqual(load(host).loaded?.config.sip.outboundProxy, {
    host: "proxy.example.org",
    port: undefined,
  });
  deepStrictEqual(load(`${host}outbound_proxy_port = 5070`).loaded?.config.sip.outboundProxy, {
    host: "proxy.example.org",
    port: 5070,
  });
});

Deno.test("loadConfig() keeps several domain triples in order", () => {
  const { loaded } = load(
    "outbound_domain_name = a.example\noutbound_domain_host = pa.example\n" +
      "outbound_domain_port = 5060\noutbound_domain_name = b.example\n" +
      "outbound_domain_host = pb.example\noutbound_domain_port = 0\n",
  );
  deepStrictEqual(loaded?.config.sip.outboundDomains, [
    { domain: "a.example", host: "pa.example", port: 5060 },
    { domain: "b.example", host: "pb.example", port: undefined },
  ]);
});

Deno.test("loadConfig() never applies half a list", () => {
  strictEqual(load("mask_host = a\nmask_host = b\nmasked_host = c").loaded, undefined);
});

Deno.test("loadConfig() gives the same result for the same text, and shares nothing", () => {
  const first = load("load_plugin = stun").loaded;
  const second = load("load_plugin = stun").loaded;
  deepStrictEqual(first, second);
  strictEqual(first?.config.plugins.load === second?.config.plugins.load, false);
});

Deno.test("loadConfig() survives any bytes", () => {
  const bytes = Array.from({ length: 65_536 }, (_, index) => (index * 7919) % 256);
  const outcome = load(String.fromCharCode(...bytes.slice(0, 32_768)));
  strictEqual(outcome.loaded, undefined);
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Config } from "./config.ts";
import { formatIssue } from "./issues.ts";
import { loadConfig, type LoadOutcome } from "./load.ts";

const folder = new URL("../../fixtures/config/", import.meta.url);

function loadFixture(name: string): LoadOutcome {
  const text = Deno.readTextFileSync(new URL(name, folder));
  return loadConfig({ text, fileName: name.slice(name.lastIndexOf("/") + 1) });
}

Deno.test("siproxd.conf.example reads without an error or a warning", () => {
  const { loaded, issues } = loadFixture("siproxd.conf.example");
  deepStrictEqual(issues, []);
  const config = loaded?.config;
  deepStrictEqual(config?.interfaces, {
    inbound: "eth0",
    outbound: "ppp0",
    hostOutbound: undefined,
    ipv6: "fallback",
  });
  deepStrictEqual(config?.sip.outboundDomains, [
    { domain: "easybell.de", host: "sip.easybell.de", port: 5060 },
  ]);
  deepStrictEqual(config?.plugins.load, ["plugin_logcall.la"]);
  strictEqual(config?.plugins.directory, "/usr/lib/siproxd/");
  strictEqual(config?.plugins.options.length, 39);
  strictEqual(config?.daemon.daemonize, true);
});

Deno.test("odd_layout.conf reads as its plain twin does", () => {
  const { loaded, issues } = loadFixture("odd_layout.conf");
  const plain = loadConfig({
    text: "if_inbound = eth0\nif_outbound = ppp0\nua_string = Two Words\ndebug_level = 132\n" +
      "rtp_port_low = 7070\n",
    fileName: "plain",
  });
  deepStrictEqual(issues, []);
  deepStrictEqual(loaded?.config, plain.loaded?.config);
});

const everything: Config = {
  interfaces: {
    inbound: "eth1",
    outbound: "203.0.113.7",
    hostOutbound: "sip.example.org",
    ipv6: "prefer",
  },
  sip: {
    listenPort: 5062,
    useRport: { lan: false, wan: true },
    forceRport: true,
    uaString: "Our Phones",
    obscureLoops: true,
    wanPeers: "known",
    compatResponses: true,
    userPartMatching: false,
    maskHosts: [
      { host: "192.168.1.10", maskedHost: "office.example.org" },
      { host: "192.168.1.11", maskedHost: "home.example.org" },
    ],
    outboundProxy: { host: "proxy.example.org", port: 5070 },
    outboundDomains: [{ domain: "example.net", host: "sip.example.net", port: undefined }],
    useSrv: false,
    defaultExpiresSeconds: 1200,
    lanExpiresSeconds: 30,
    tcp: { timeoutSeconds: 900, connectTimeoutMs: 250, keepaliveSeconds: 20 },
    dscp: 24,
  },
  rtp: {
    enabled: false,
    portLow: 20_000,
    portHigh: 20_998,
    timeoutSeconds: 120,
    holdTimeoutSeconds: 3600,
    dscp: 46,
    inputDejitterMs: 40,
    outputDejitterMs: 0.5,
    workers: 2,
  },
  access: {
    allowReg: [
      { kind: "address", host: "192.168.1.0", bits: 24 },
      { kind: "name", host: "phone.example.org", bits: 32 },
    ],
    allowSip: [{ kind: "address", host: "0.0.0.0", bits: 0 }],
    denySip: [{ kind: "address", host: "2001:db8::", bits: 32 }],
  },
  registrar: {
    file: "/var/lib/siproxd/registrations",
    autosaveSeconds: 60,
    writeDelaySeconds: 5,
    maxRegistrations: 500,
  },
  auth: {
    realm: "B\xc3\xbcro",
    password: "secret",
    passwordFile: "/etc/siproxd_passwd.cfg",
    scope: "all",
    algorithms: ["SHA-256", "MD5"],
  },
  daemon: {
    user: "siproxd",
    chrootJail: "/var/lib/siproxd",
    pidFile: "/run/siproxd.pid",
    daemonize: true,
  },
  log: {
    silenceLog: 3,
    debugLevel: 0x84,
    debugPort: 5050,
    debugAddress: "::1",
    format: "json",
    componentLevels: [
      { component: "registrar", level: "debug" },
      { component: "rtp", level: "warning" },
    ],
    syslogSocket: "/run/log.socket",
    syslogServer: { host: "192.168.1.5", port: 514 },
  },
  plugins: {
    directory: "/usr/lib/siproxd/",
    load: ["plugin_stun.la", "logcall"],
    options: [{
      key: "plugin_stun_server",
      value: "stun.example.org",
      position: { fileName: "all_directives.conf", line: 67, column: 1 },
      valueColumn: 22,
    }],
    strict: true,
  },
  firewall: { module: "command", command: "/etc/siproxd/firewall", offload: "auto" },
  status: { socket: { kind: "path", path: "/run/siproxd/status.sock" } },
  metrics: { listen: { host: "::1", port: 9160 } },
};

Deno.test("all_directives.conf sets every member of Config", () => {
  const { loaded, issues } = loadFixture("all_directives.conf");
  deepStrictEqual(issues, []);
  deepStrictEqual(loaded?.config, everything);
});

Deno.test("all_directives.conf leaves no directive out", () => {
  const { loaded } = loadFixture("all_directives.conf");
  const unset = loaded?.settings.filter((setting) => setting.entries.length === 0) ?? [];
  deepStrictEqual(unset.map((setting) => setting.directive.key), []);
});

const broken: readonly (readonly [string, "usable" | "refused"])[] = [
  ["typos", "usable"],
  ["risks", "usable"],
  ["numbers", "refused"],
  ["names", "refused"],
  ["pairs", "refused"],
  ["control_characters", "refused"],
];

for (const [name, verdict] of broken) {
  Deno.test(`broken/${name}.conf is ${verdict} with exactly its listed issues`, () => {
    const { loaded, issues } = loadFixture(`broken/${name}.conf`);
    strictEqual(loaded === undefined ? "refused" : "usable", verdict);
    const expected = Deno.readTextFileSync(new URL(`broken/${name}.issues`, folder));
    strictEqual(issues.map((issue) => `${formatIssue(issue)}\n`).join(""), expected);
  });
}

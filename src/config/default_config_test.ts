import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Config } from "./config.ts";
import { defaultConfig } from "./default_config.ts";

const expected: Config = {
  interfaces: {
    inbound: undefined,
    outbound: undefined,
    hostOutbound: undefined,
    ipv6: "fallback",
  },
  sip: {
    listenPort: 5060,
    useRport: { lan: false, wan: false },
    forceRport: false,
    uaString: undefined,
    obscureLoops: false,
    wanPeers: "any",
    compatResponses: false,
    userPartMatching: true,
    maskHosts: [],
    outboundProxy: undefined,
    outboundDomains: [],
    useSrv: true,
    defaultExpiresSeconds: 600,
    lanExpiresSeconds: 0,
    tcp: { timeoutSeconds: 600, connectTimeoutMs: 500, keepaliveSeconds: 0 },
    dscp: 0,
  },
  rtp: {
    enabled: true,
    portLow: 7070,
    portHigh: 7088,
    timeoutSeconds: 300,
    holdTimeoutSeconds: 14_400,
    dscp: 0,
    inputDejitterMs: 0,
    outputDejitterMs: 0,
    workers: "auto",
  },
  access: { allowReg: undefined, allowSip: undefined, denySip: undefined },
  registrar: {
    file: undefined,
    autosaveSeconds: 300,
    writeDelaySeconds: 1,
    maxRegistrations: 10_000,
  },
  auth: {
    realm: undefined,
    password: undefined,
    passwordFile: undefined,
    scope: "local",
    algorithms: undefined,
  },
  daemon: { user: undefined, chrootJail: undefined, pidFile: undefined, daemonize: false },
  log: {
    silenceLog: 1,
    debugLevel: 0,
    debugPort: 0,
    debugAddress: "127.0.0.1",
    format: "text",
    componentLevels: [],
    syslogSocket: "/dev/log",
    syslogServer: undefined,
  },
  plugins: { directory: undefined, load: [], options: [], strict: false },
  firewall: { module: "none", command: undefined, offload: "off" },
  status: { socket: undefined },
  metrics: { listen: undefined },
};

Deno.test("defaultConfig() has the guide's defaults where siproxd's own are unusable", () => {
  deepStrictEqual(defaultConfig(), expected);
});

Deno.test("defaultConfig() is frozen through and through", () => {
  const config = defaultConfig();
  strictEqual(Object.isFrozen(config), true);
  strictEqual(Object.isFrozen(config.sip.tcp), true);
  strictEqual(Object.isFrozen(config.plugins.load), true);
});

Deno.test("defaultConfig() can be posted to a Worker", () => {
  deepStrictEqual(structuredClone(defaultConfig()), expected);
});

Deno.test("defaultConfig() shows log, status and figures to nobody on the network (R28)", () => {
  const { log: { debugPort, debugAddress }, status, metrics } = defaultConfig();
  deepStrictEqual({ debugPort, debugAddress, status, metrics }, {
    debugPort: 0,
    debugAddress: "127.0.0.1",
    status: { socket: undefined },
    metrics: { listen: undefined },
  });
});

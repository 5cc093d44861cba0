import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { describeJson, describeSettings, describeText } from "./describe.ts";
import { DIRECTIVES } from "./directives.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";

function loaded(text: string, ...settings: readonly string[]): LoadedConfig {
  const overrides = settings.map((setting) => ({ text: setting, option: "--set" as const }));
  const outcome = loadConfig({ text, fileName: "siproxd.conf", overrides });
  if (outcome.loaded === undefined) throw new Error("the test's configuration is refused");
  return outcome.loaded;
}

const text = "if_inbound = eth0\nload_plugin = stun\nload_plugin = demo\nproxy_auth_realm = r\n" +
  "proxy_auth_passwd = hunter2\nplugin_stun_server = s.example\n";

Deno.test("describeText() names the source of every value", () => {
  const lines = describeText(loaded(text, "sip_listen_port=5070")).split("\n");
  const wanted = ["if_inbound", "if_outbound", "sip_listen_port", "load_plugin", "rtp_timeout"];
  deepStrictEqual(
    lines.filter((line) => wanted.some((key) => line.replace("# ", "").startsWith(`${key} `))),
    [
      "if_inbound = eth0  # siproxd.conf:1",
      "# if_outbound is not set",
      "sip_listen_port = 5070  # --set",
      "rtp_timeout = 300  # default",
      "load_plugin = stun  # siproxd.conf:2",
      "load_plugin = demo  # siproxd.conf:3",
    ],
  );
});

Deno.test("describeText() hides passwords", () => {
  const written = describeText(loaded(text));
  strictEqual(written.includes("hunter2"), false);
  match(written, /^# proxy_auth_passwd = \(hidden\) {2}# siproxd\.conf:5$/m);
});

Deno.test("describeText() can be read again and means the same", () => {
  const first = loaded("if_inbound = eth0\nuse_rport = 2\nmask_host = a\nmasked_host = b\n");
  deepStrictEqual(loaded(describeText(first)).config, first.config);
});

Deno.test("describeSettings() has a row for every directive, and the plugins' options last", () => {
  const rows = describeSettings(loaded(text));
  strictEqual(rows.length, DIRECTIVES.length + 2);
  deepStrictEqual(rows.at(-1), {
    key: "plugin_stun_server",
    value: "s.example",
    hidden: false,
    source: "siproxd.conf:6",
  });
});

Deno.test("describeJson() is JSON with a version, and null for what is unset", () => {
  const report = JSON.parse(describeJson(loaded(text)));
  strictEqual(report.version, 1);
  strictEqual(report.file, "siproxd.conf");
  deepStrictEqual(report.settings[0], {
    key: "if_inbound",
    value: "eth0",
    source: "siproxd.conf:1",
  });
  deepStrictEqual(report.settings[1], { key: "if_outbound", value: null, source: "default" });
  strictEqual(JSON.stringify(report).includes("hunter2"), false);
});

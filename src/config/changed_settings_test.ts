import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { changedSettings, changedSettingText } from "./changed_settings.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";

function load(text: string): LoadedConfig {
  const { loaded, issues } = loadConfig({ text, fileName: "siproxd.conf" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded;
}

function changes(before: string, after: string): readonly string[] {
  return changedSettings(load(before), load(after)).map(changedSettingText);
}

const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["nothing in equal files", "rtp_timeout = 60", "rtp_timeout=60 # as before", []],
  ["a value", "rtp_timeout = 60", "rtp_timeout = 90", ["rtp_timeout: 60 → 90"]],
  ["a value that goes back to its default", "rtp_timeout = 60", "", ["rtp_timeout: 60 → 300"]],
  ["a value that was unset", "", "if_inbound = eth0", ["if_inbound: unset → eth0"]],
  ["a value written as its default", "rtp_timeout = 300", "", []],
  [
    "an array as a whole",
    "mask_host = 10.0.0.1\nmasked_host = a.example",
    "mask_host = 10.0.0.1\nmasked_host = a.example\n" +
    "mask_host = 10.0.0.2\nmasked_host = b.example",
    [
      "mask_host: 10.0.0.1 → 10.0.0.1 10.0.0.2",
      "masked_host: a.example → a.example b.example",
    ],
  ],
  [
    "what takes a restart",
    "user = nobody\ndaemonize = 0",
    "user = siproxd\ndaemonize = 1",
    [
      "daemonize: 0 → 1 (takes effect after a restart)",
      "user: nobody → siproxd (takes effect after a restart)",
    ],
  ],
  [
    "options of plugins",
    "plugin_stun_server = a.example",
    "plugin_stun_server = b.example\nplugin_stun_password = secret",
    [
      "plugin_stun_server: a.example → b.example",
      "plugin_stun_password: unset → (hidden)",
    ],
  ],
];

for (const [name, before, after, expected] of cases) {
  Deno.test(`changedSettings() finds ${name}`, () => {
    deepStrictEqual(changes(before, after), expected);
  });
}

Deno.test("changedSettings() sees that a password changed and shows neither", () => {
  const realm = "proxy_auth_realm = home\n";
  const found = changes(
    `${realm}proxy_auth_passwd = tulip`,
    `${realm}proxy_auth_passwd = crocus`,
  );
  deepStrictEqual(found, ["proxy_auth_passwd: (hidden) → (hidden)"]);
  strictEqual(/tulip|crocus/.test(found.join()), false);
});

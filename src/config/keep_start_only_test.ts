import { deepStrictEqual } from "node:assert/strict";
import { changedSettings } from "./changed_settings.ts";
import type { Config } from "./config.ts";
import { keepStartOnly } from "./keep_start_only.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";

function load(text: string): LoadedConfig {
  const { loaded, issues } = loadConfig({ text, fileName: "siproxd.conf" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded;
}

const START_LINES: readonly string[] = [
  "daemonize = 1",
  "user = nobody",
  "chrootjail = /var/jail",
  "pid_file = /run/x.pid",
  "registration_file = /var/regs",
  "max_registrations = 7",
  "firewall_module = command\nfirewall_command = /bin/door",
  "media_offload = auto",
  "media_workers = 2",
  "status_socket = /run/x.sock",
  "metrics_listen = 9160",
];

const OTHER_LINES: readonly string[] = [
  "rtp_timeout = 60",
  "autosave_registrations = 60",
  "load_plugin = stun\nplugin_stun_server = a.example",
  "rtp_dscp = 46",
  "log_format = json",
];

const empty = load("");

for (const text of START_LINES) {
  Deno.test(`keepStartOnly() leaves ${text.replaceAll("\n", ", ")} to the next start, as is told`, () => {
    const changed = load(text);
    const told = changedSettings(empty, changed).map(({ effect }) => effect);
    deepStrictEqual(new Set(told), new Set(["restart"]));
    deepStrictEqual(keepStartOnly(changed.config, empty.config), empty.config);
  });
}

for (const text of OTHER_LINES) {
  Deno.test(`keepStartOnly() lets ${text.replaceAll("\n", ", ")} through, as is told`, () => {
    const changed = load(text);
    const told = changedSettings(empty, changed).map(({ effect }) => effect);
    deepStrictEqual(new Set(told), new Set(["now"]));
    const kept: Config = keepStartOnly(changed.config, empty.config);
    deepStrictEqual(kept, changed.config);
  });
}

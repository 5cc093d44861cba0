import { type DescribedSetting, describeSettings } from "./describe.ts";
import type { LoadedConfig } from "./load.ts";

/** One directive whose value a reload changes. */
export interface ChangedSetting {
  readonly key: string;
  /** Values joined by blanks; undefined when unset, hidden for passwords. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** `restart`: it was obeyed at the start and is only looked at again by the next one. */
  readonly effect: "now" | "restart";
}

/** Directives that are obeyed once: what they decide cannot be undone by a process that gave its rights away. */
const START_ONLY: ReadonlySet<string> = new Set([
  "daemonize",
  "user",
  "chrootjail",
  "pid_file",
  "registration_file",
  "max_registrations",
  "firewall_module",
  "firewall_command",
  "media_offload",
  "media_workers",
  "status_socket",
  "metrics_listen",
]);

/** Options of plugins hold names and numbers, and here and there a password. */
const SECRET_OPTION = /pass|secret|token|credential/i;

const HIDDEN = "(hidden)";

/**
 * Tells what a reload changes.
 *
 * @param before the configuration in force
 * @param after the one that takes its place
 * @returns a row for each directive and plugin option whose values differ as they are written
 */
export function changedSettings(
  before: LoadedConfig,
  after: LoadedConfig,
): readonly ChangedSetting[] {
  const old = valuesByKey(before);
  const current = valuesByKey(after);
  const changes: ChangedSetting[] = [];
  for (const key of new Set([...old.keys(), ...current.keys()])) {
    const was = old.get(key);
    const is = current.get(key);
    if (was?.compared === is?.compared) continue;
    const effect = START_ONLY.has(key) ? "restart" : "now";
    changes.push({ key, before: was?.shown, after: is?.shown, effect });
  }
  return changes;
}

/**
 * Writes a change as it is logged.
 *
 * @param change one directive
 * @returns such as `rtp_timeout: 300 → 60`
 */
export function changedSettingText(change: ChangedSetting): string {
  const { key, before = "unset", after = "unset", effect } = change;
  const note = effect === "restart" ? " (takes effect after a restart)" : "";
  return `${key}: ${before} → ${after}${note}`;
}

interface Values {
  readonly compared: string;
  readonly shown: string | undefined;
}

function valuesByKey(loaded: LoadedConfig): ReadonlyMap<string, Values> {
  const secrets = secretValues(loaded);
  const byKey = new Map<string, Values>();
  for (const setting of describeSettings(loaded)) {
    const known = byKey.get(setting.key);
    const compared = secrets.get(setting.key) ?? setting.value ?? "";
    const shown = shownValue(setting);
    byKey.set(setting.key, {
      compared: known === undefined ? compared : `${known.compared}\n${compared}`,
      shown: known?.shown === undefined ? shown : `${known.shown} ${shown}`,
    });
  }
  return byKey;
}

function shownValue({ key, value, hidden }: DescribedSetting): string | undefined {
  if (value === undefined) return undefined;
  return hidden || isPluginOption(key) && SECRET_OPTION.test(key) ? HIDDEN : value;
}

/** What passwords are compared by, which is never shown. */
function secretValues(loaded: LoadedConfig): ReadonlyMap<string, string> {
  const secrets = loaded.settings.filter(({ directive }) => directive.type.kind === "secret");
  return new Map(
    secrets.map(({ directive, entries }) => [directive.key, entries.at(-1)?.value ?? ""]),
  );
}

/** Options of plugins, and no directive of our own, start so and have a second part. */
function isPluginOption(key: string): boolean {
  return key.startsWith("plugin_") && key !== "plugin_strict";
}

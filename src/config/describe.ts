import { escapeControl } from "../base/text.ts";
import type { ConfigPosition } from "./config.ts";
import { isCommandLine } from "./issues.ts";
import type { LoadedConfig } from "./load.ts";
import type { Setting } from "./resolve.ts";

/** One line of the effective configuration. */
export interface DescribedSetting {
  readonly key: string;
  /** Undefined when unset; hidden for passwords. */
  readonly value: string | undefined;
  readonly hidden: boolean;
  /** `default`, `file:line`, or the option of the command line. */
  readonly source: string;
}

/** What is shown for a password. */
const HIDDEN = "(hidden)";

/**
 * Lists every directive with the value in force and where it came from.
 *
 * @param loaded a usable configuration
 * @returns a row a value, in the order of the manual; plugin options at the end
 */
export function describeSettings(loaded: LoadedConfig): readonly DescribedSetting[] {
  const plugins = loaded.config.plugins.options.map((option): DescribedSetting => ({
    key: option.key,
    value: option.value,
    hidden: false,
    source: sourceText(option.position),
  }));
  return [...loaded.settings.flatMap(describeSetting), ...plugins];
}

function describeSetting(setting: Setting): readonly DescribedSetting[] {
  const { directive, entries } = setting;
  const { key, defaultText } = directive;
  const hidden = directive.type.kind === "secret";
  if (entries.length === 0) return [{ key, value: defaultText, hidden: false, source: "default" }];
  return entries.map((entry) => ({
    key,
    value: hidden ? HIDDEN : entry.value,
    hidden,
    source: sourceText(entry.position),
  }));
}

function sourceText(position: ConfigPosition): string {
  if (isCommandLine(position)) return position.fileName;
  return `${position.fileName}:${position.line}`;
}

/**
 * Writes the effective configuration as a siproxd.conf that can be read again; what is unset, and
 * passwords, are comments.
 *
 * @param loaded a usable configuration
 * @returns lines `key = value  # source`
 */
export function describeText(loaded: LoadedConfig): string {
  const lines = describeSettings(loaded).map((setting) => {
    const { key, value, hidden, source } = setting;
    if (value === undefined) return `# ${key} is not set`;
    const line = `${key} = ${escapeControl(value)}  # ${escapeControl(source)}`;
    return hidden ? `# ${line}` : line;
  });
  return `${lines.join("\n")}\n`;
}

/**
 * Writes the effective configuration as JSON, for programs.
 *
 * @param loaded a usable configuration
 * @returns `{"version":1,"file":…,"settings":[{"key","value","source"}…]}`
 */
export function describeJson(loaded: LoadedConfig): string {
  const settings = describeSettings(loaded).map(({ key, value, source }) => ({
    key,
    value: value ?? null,
    source,
  }));
  return `${JSON.stringify({ version: 1, file: loaded.fileName, settings }, null, 2)}\n`;
}

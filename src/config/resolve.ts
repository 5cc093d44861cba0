import type { PluginOption } from "./config.ts";
import { DIRECTIVES, findDirective } from "./directives.ts";
import { isCommandLine, type Issue, quote } from "./issues.ts";
import type { ConfigEntry } from "./lexer.ts";
import { nearest } from "./nearest.ts";
import { BUILT_IN_PLUGINS, isPluginOption, shortPluginName } from "./plugin_names.ts";
import type { Directive } from "./schema.ts";

/** A directive and the entries that are in force for it; none means its default is. */
export interface Setting {
  readonly directive: Directive;
  readonly entries: readonly ConfigEntry[];
}

/** Entries sorted by what they set. */
export interface ResolvedEntries {
  readonly settings: readonly Setting[];
  readonly pluginOptions: readonly PluginOption[];
  readonly issues: readonly Issue[];
}

/** Entries of an array directive: siproxd takes 128; eight times that is still a small table. */
const MAX_ARRAY_ENTRIES = 1024;

/**
 * Decides which entry of a repeated key is in force: the last of a scalar, all of an array in their
 * order, and the command line before the file.
 *
 * @param fileEntries the file's entries in order
 * @param overrides the command line's, in order; they win
 * @returns a setting for every directive, the plugins' raw options, and what was found wrong
 */
export function resolveEntries(
  fileEntries: readonly ConfigEntry[],
  overrides: readonly ConfigEntry[],
): ResolvedEntries {
  const issues: Issue[] = [];
  const all = [...fileEntries, ...overrides];
  const plugins = [...BUILT_IN_PLUGINS, ...loadedPlugins(all)];
  const pluginOptions: PluginOption[] = [];
  for (const entry of all) {
    if (findDirective(entry.key) !== undefined) continue;
    if (isPluginOption(entry.key, plugins)) pluginOptions.push(entry);
    else issues.push(unknownKey(entry, plugins));
  }
  const fileByKey = Map.groupBy(fileEntries, (entry) => entry.key);
  const overridesByKey = Map.groupBy(overrides, (entry) => entry.key);
  const settings = DIRECTIVES.map((directive): Setting => {
    const fromFile = usable(fileByKey.get(directive.key) ?? [], { directive, issues });
    const typed = overridesByKey.get(directive.key);
    return { directive, entries: typed === undefined ? fromFile : inForce(typed, directive) };
  });
  return { settings, pluginOptions, issues };
}

function loadedPlugins(entries: readonly ConfigEntry[]): readonly string[] {
  return entries.filter((entry) => entry.key === "load_plugin").map((entry) =>
    shortPluginName(entry.value)
  );
}

/** What of the command line counts: an empty value takes the directive back. */
function inForce(typed: readonly ConfigEntry[], directive: Directive): readonly ConfigEntry[] {
  const counted = directive.repeat === "scalar" ? typed.slice(-1) : typed;
  return counted.filter((entry) => entry.value !== "");
}

function usable(
  entries: readonly ConfigEntry[],
  context: { readonly directive: Directive; readonly issues: Issue[] },
): readonly ConfigEntry[] {
  const { directive, issues } = context;
  const filled: ConfigEntry[] = [];
  for (const entry of entries) {
    if (entry.value !== "") filled.push(entry);
    else issues.push(emptyValue(entry, directive));
  }
  if (directive.repeat === "scalar") {
    const last = filled.at(-1);
    if (last === undefined) return [];
    for (const entry of filled.slice(0, -1)) issues.push(repeated(entry, last));
    return [last];
  }
  for (const entry of filled.slice(MAX_ARRAY_ENTRIES)) issues.push(tooMany(entry));
  return filled.slice(0, MAX_ARRAY_ENTRIES);
}

function unknownKey(entry: ConfigEntry, plugins: readonly string[]): Issue {
  const known = findDirective(nearestKey(entry.key) ?? "");
  const plugin = known === undefined ? nearestPlugin(entry.key, plugins) : undefined;
  let hint = "no such directive";
  if (known !== undefined) {
    hint = `no such directive, nearest is "${known.key}" ` +
      `(example: ${known.key} = ${known.example})`;
  } else if (plugin !== undefined) {
    hint = `no such plugin is loaded, nearest is "plugin_${plugin}"`;
  }
  // An old file may hold what we do not know; what was typed just now is a slip.
  const severity = isCommandLine(entry.position) ? "error" : "warning";
  return {
    severity,
    effect: "line-lost",
    position: entry.position,
    key: entry.key,
    message: `Cannot use key ${quote(entry.key)}: ${hint}`,
  };
}

/**
 * Finds the directive that a misspelt key most likely meant.
 *
 * @param key what was written
 * @returns the key of a directive, or undefined
 */
export function nearestKey(key: string): string | undefined {
  return nearest(key, DIRECTIVES.map((directive) => directive.key));
}

function nearestPlugin(key: string, plugins: readonly string[]): string | undefined {
  if (!key.startsWith("plugin_")) return undefined;
  const rest = key.slice("plugin_".length);
  for (let end = rest.lastIndexOf("_"); end > 0; end = rest.lastIndexOf("_", end - 1)) {
    const name = nearest(rest.slice(0, end), plugins);
    if (name !== undefined) return name;
  }
  return undefined;
}

function emptyValue(entry: ConfigEntry, directive: Directive): Issue {
  const stays = directive.defaultText ?? "unset";
  return {
    severity: "warning",
    position: entry.position,
    key: entry.key,
    message: `Cannot use empty value: what was set before or the default (${stays}) stays ` +
      `(example: ${directive.key} = ${directive.example})`,
  };
}

function repeated(entry: ConfigEntry, last: ConfigEntry): Issue {
  return {
    severity: "warning",
    position: entry.position,
    key: entry.key,
    message: `Cannot use this line: line ${last.position.line} sets ${entry.key} again and wins`,
  };
}

function tooMany(entry: ConfigEntry): Issue {
  return {
    severity: "error",
    position: entry.position,
    key: entry.key,
    message: `Cannot add entry: more than ${MAX_ARRAY_ENTRIES} of them`,
  };
}

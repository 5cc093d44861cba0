import { bindConfig } from "./bind.ts";
import { createBinder } from "./binder.ts";
import type { Config, PluginOption } from "./config.ts";
import { freezeDeep } from "./freeze_deep.ts";
import { hasErrors, type Issue, sortIssues } from "./issues.ts";
import { type ConfigEntry, lexConfig, lexSetting } from "./lexer.ts";
import { nearestKey, resolveEntries, type Setting } from "./resolve.ts";
import { findDirective } from "./directives.ts";
import { validateConfig } from "./validate.ts";

/** One setting of the command line. */
export interface Override {
  /** `key=value`; an empty value sets the default again. */
  readonly text: string;
  /** The option that gave it, as it is named in messages. */
  readonly option: "--set" | "-d" | "-p";
}

/** What a configuration is made from. */
export interface LoadRequest {
  /** Text of siproxd.conf; empty when there is none. */
  readonly text: string;
  /** Its name, for messages. */
  readonly fileName: string;
  readonly overrides?: readonly Override[];
}

/** A usable configuration, with where each part came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** Warnings only. */
  readonly issues: readonly Issue[];
  readonly settings: readonly Setting[];
  readonly fileName: string;
}

/** The outcome of reading a configuration: everything that is wrong at once. */
export interface LoadOutcome {
  /** Undefined when there is an error. */
  readonly loaded: LoadedConfig | undefined;
  /** Errors and warnings, in reading order. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a configuration; pure, so that a reload can try a file before anything changes.
 *
 * @param request the file's text and the command line's settings
 * @returns the configuration, unless something in it cannot be used, and everything to say about it
 * @example Read two lines
 * ```ts
 * import { loadConfig } from "./load.ts";
 * const { loaded, issues } = loadConfig({
 *   text: "if_inbound = eth0\nrtp_port_low = 20000\nrtp_port_high = 20999\n",
 *   fileName: "siproxd.conf",
 * });
 * if (loaded?.config.rtp.portHigh !== 20998 || issues.length > 0) throw new Error("unexpected");
 * ```
 */
export function loadConfig(request: LoadRequest): LoadOutcome {
  const { fileName } = request;
  const file = lexConfig(request);
  const overrides = lexOverrides(request.overrides ?? []);
  const resolved = resolveEntries(file.entries, overrides.entries);
  const found = [
    ...file.issues.map(withExample),
    ...overrides.issues,
    ...resolved.issues,
  ];
  const { config, issues } = bindAndValidate(resolved, fileName);
  const all = sortIssues([...found, ...issues]);
  if (hasErrors(all)) return { loaded: undefined, issues: all };
  return { loaded: { config, issues: all, settings: resolved.settings, fileName }, issues: all };
}

function bindAndValidate(
  resolved: {
    readonly settings: readonly Setting[];
    readonly pluginOptions: readonly PluginOption[];
  },
  fileName: string,
): { readonly config: Config; readonly issues: readonly Issue[] } {
  const binder = createBinder(resolved.settings);
  const config = freezeDeep(bindConfig(binder, resolved.pluginOptions));
  const issues = [
    ...binder.issues,
    ...validateConfig({ config, settings: binder.settings, fileName }),
  ];
  return { config, issues };
}

function lexOverrides(overrides: readonly Override[]): {
  readonly entries: readonly ConfigEntry[];
  readonly issues: readonly Issue[];
} {
  const entries: ConfigEntry[] = [];
  const issues: Issue[] = [];
  const ordinals = new Map<string, number>();
  for (const { text, option } of overrides) {
    const line = (ordinals.get(option) ?? 0) + 1;
    ordinals.set(option, line);
    const outcome = lexSetting(text, { fileName: option, line, column: 1 });
    if ("message" in outcome) issues.push({ ...outcome, severity: "error" });
    else entries.push(outcome);
  }
  return { entries, issues };
}

/** A line without `=` mostly is a directive with the sign forgotten. */
function withExample(issue: Issue): Issue {
  const directive = findDirective(nearestKey(issue.key) ?? "");
  if (directive === undefined) return issue;
  const example = `(example: ${directive.key} = ${directive.example})`;
  return { ...issue, message: `${issue.message} ${example}` };
}

import { formatIssue, hasErrors, type Issue, sortIssues } from "../config/issues.ts";
import {
  loadConfig,
  type LoadedConfig,
  type LoadOutcome,
  type LoadRequest,
} from "../config/load.ts";
import { examinePlugins } from "../plugin/examine_plugins.ts";
import { missingPlugins } from "./missing_plugins.ts";
import type { ConfigArgs } from "./args.ts";
import { findConfig } from "./find_config.ts";

/** Name that stands for a missing file in messages. */
const NO_FILE = "defaults";

/** A configuration read for a command. */
export interface LoadedFile {
  /** Undefined when no file was found: defaults and the command line only. */
  readonly path: string | undefined;
  /** Undefined when something in it cannot be used. */
  readonly loaded: LoadedConfig | undefined;
  readonly issues: readonly Issue[];
}

/**
 * Finds and reads the configuration that the command line means.
 *
 * @param from the file and the settings of the command line
 * @returns the configuration and everything to say about it; a file that cannot be read is an error
 */
export function loadConfiguration(from: ConfigArgs): LoadedFile {
  const found = findConfig(from.configFile);
  if (found.kind === "unreadable") {
    const issue = fileIssue(found.path, { severity: "error", message: found.message });
    return { path: found.path, loaded: undefined, issues: [issue] };
  }
  if (found.kind === "none") {
    const notes = found.notes.map((message) =>
      fileIssue(NO_FILE, { severity: "warning", message })
    );
    const outcome = loadAll({ text: "", fileName: NO_FILE, overrides: from.overrides });
    return { path: undefined, loaded: outcome.loaded, issues: [...notes, ...outcome.issues] };
  }
  const { path, text } = found;
  const outcome = loadAll({ text, fileName: path, overrides: from.overrides });
  return { path, loaded: outcome.loaded, issues: outcome.issues };
}

/** Directives first; the options of plugins are read once those are right. */
function loadAll(request: LoadRequest): LoadOutcome {
  const outcome = loadConfig(request);
  if (outcome.loaded === undefined) return outcome;
  const found = [...examinePlugins(outcome.loaded), ...missingPlugins(outcome.loaded)];
  if (found.length === 0) return outcome;
  const issues = sortIssues([...outcome.issues, ...found]);
  return { loaded: hasErrors(issues) ? undefined : { ...outcome.loaded, issues }, issues };
}

function fileIssue(fileName: string, what: Pick<Issue, "severity" | "message">): Issue {
  return { ...what, key: "file", position: { fileName, line: 1, column: 1 } };
}

/**
 * Writes issues as lines.
 *
 * @param issues what was found
 * @returns one line each; empty when there is none
 */
export function issueLines(issues: readonly Issue[]): string {
  return issues.map((issue) => `${formatIssue(issue)}\n`).join("");
}

/**
 * Counts issues in words.
 *
 * @param issues what was found
 * @returns such as `2 errors, 1 warning`
 */
export function countIssues(issues: readonly Issue[]): string {
  const errors = issues.filter((issue) => issue.severity === "error").length;
  return `${plural(errors, "error")}, ${plural(issues.length - errors, "warning")}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

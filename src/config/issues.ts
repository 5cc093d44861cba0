import { escapeControl } from "../base/text.ts";
import type { ConfigPosition } from "./config.ts";

/** One thing to say about one place of the configuration. */
export interface Issue {
  /** `error`: the value cannot be used; `warning`: the daemon goes on without it or despite it. */
  readonly severity: "error" | "warning";
  /** Where it stands. */
  readonly position: ConfigPosition;
  /** The directive or option. */
  readonly key: string;
  /** Action first, quoted value, colon, reason. */
  readonly message: string;
  /** Set where the whole line is lost: the start goes on as siproxd does, `check` refuses it. */
  readonly effect?: "line-lost";
}

/** What stands for the file name in positions on the command line. */
const COMMAND_LINE_NAMES: ReadonlySet<string> = new Set(["--set", "-d", "-p"]);

/** Longest quoted value in a message, so that a binary file does not fill the terminal. */
const MAX_QUOTE_LENGTH_CHARS = 60;

/**
 * Quotes text of a file in a message, cut and with control characters escaped.
 *
 * @param text what stood in the file
 * @returns the text in double quotes
 */
export function quote(text: string): string {
  const short = text.length > MAX_QUOTE_LENGTH_CHARS
    ? `${text.slice(0, MAX_QUOTE_LENGTH_CHARS)}…`
    : text;
  return `"${escapeControl(short)}"`;
}

/**
 * Writes an issue as one line.
 *
 * @param issue what to write
 * @returns `file:line:column: error|warning: key: message`
 */
export function formatIssue(issue: Issue): string {
  const { fileName, line, column } = issue.position;
  const place = `${escapeControl(fileName)}:${line}:${column}`;
  return `${place}: ${issue.severity}: ${escapeControl(issue.key)}: ${issue.message}`;
}

/**
 * Puts issues in reading order: as the file goes, the command line's after it.
 *
 * @param issues in the order of their finding
 * @returns a sorted copy
 */
export function sortIssues(issues: readonly Issue[]): readonly Issue[] {
  return issues.toSorted((left, right) =>
    Number(isCommandLine(left.position)) - Number(isCommandLine(right.position)) ||
    compareText(left.position.fileName, right.position.fileName) ||
    left.position.line - right.position.line ||
    left.position.column - right.position.column
  );
}

/**
 * Tells whether a position is on the command line; there the option's name stands for the file's.
 *
 * @param position of a key or value
 * @returns false for a place in a file
 */
export function isCommandLine(position: ConfigPosition): boolean {
  return COMMAND_LINE_NAMES.has(position.fileName);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Judges issues as `check` does: a line that nobody obeys is an error there, not a warning.
 *
 * @param issues as found
 * @returns the same with lost lines raised to errors
 */
export function strictIssues(issues: readonly Issue[]): readonly Issue[] {
  return issues.map((issue) =>
    issue.effect === "line-lost" ? { ...issue, severity: "error" } : issue
  );
}

/**
 * Tells whether a configuration with these issues may be used.
 *
 * @param issues what was found
 * @returns true when one of them is an error
 */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === "error");
}

import type { Config, ConfigPosition } from "./config.ts";
import type { Issue } from "./issues.ts";
import type { ConfigEntry } from "./lexer.ts";
import type { Setting } from "./resolve.ts";

/** A configuration under examination, with what is needed to say where a value stands. */
export interface Examination {
  readonly config: Config;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly fileName: string;
}

/**
 * Makes an issue at the place where a key was set.
 *
 * @param examination where to look
 * @param what the key, the severity and the message
 * @returns the issue; line 1 of the file where the key was not set
 */
export function issueAt(
  examination: Examination,
  what: Pick<Issue, "severity" | "key" | "message">,
): Issue {
  return { ...what, position: valuePosition(examination, entriesOf(examination, what.key).at(-1)) };
}

/**
 * Says where a value stands.
 *
 * @param examination names the file
 * @param entry the entry, if there is one
 * @returns its position; line 1 of the file without one
 */
export function valuePosition(
  examination: Examination,
  entry: ConfigEntry | undefined,
): ConfigPosition {
  if (entry === undefined) return { fileName: examination.fileName, line: 1, column: 1 };
  return { ...entry.position, column: entry.valueColumn };
}

/**
 * Gives the entries in force for a key.
 *
 * @param examination where to look
 * @param key a directive
 * @returns none when its default is in force
 */
export function entriesOf(examination: Examination, key: string): readonly ConfigEntry[] {
  return examination.settings.get(key)?.entries ?? [];
}

/**
 * Tells whether a key was set, in the file or on the command line.
 *
 * @param examination where to look
 * @param key a directive
 * @returns false when its default is in force
 */
export function isSet(examination: Examination, key: string): boolean {
  return entriesOf(examination, key).length > 0;
}

import { escapeControl } from "../base/text.ts";
import type { ConfigPosition } from "./config.ts";
import { type Issue, quote } from "./issues.ts";

/** One `key = value` as it was written. */
export interface ConfigEntry {
  readonly key: string;
  /** Trimmed, without its comment; empty when nothing stood there. */
  readonly value: string;
  /** Position of the key. */
  readonly position: ConfigPosition;
  readonly valueColumn: number;
}

/** What the lexer made of a text. */
export interface LexedConfig {
  readonly entries: readonly ConfigEntry[];
  readonly issues: readonly Issue[];
}

/** Largest file that is read: a thousand times a large siproxd.conf. */
const MAX_CONFIG_LENGTH_CHARS = 4_194_304;

/** Most `key = value` lines: bounds memory and the number of issues of a file that is none of ours. */
const MAX_ENTRIES = 10_000;

/**
 * Splits a siproxd.conf into its entries, by siproxd's rules with exact keys.
 *
 * A line is `key = value`; blanks around both are not part of them; `#` starts a comment anywhere,
 * so a value never holds one; there are no quotes, escapes, sections or continuation lines. Lines
 * may end in LF or CRLF, and a byte order mark is passed over.
 *
 * @param source the text, and the file name for positions
 * @returns every readable entry in order, and an issue for every other line
 */
export function lexConfig(
  source: { readonly text: string; readonly fileName: string },
): LexedConfig {
  const { fileName } = source;
  const tooLong = refuseLength(source.text.length, fileName);
  if (tooLong !== undefined) return { entries: [], issues: [tooLong] };
  const text = source.text.startsWith("\ufeff") ? source.text.slice(1) : source.text;
  const entries: ConfigEntry[] = [];
  const issues: Issue[] = [];
  for (const [index, rawLine] of text.split("\n").entries()) {
    const line = withoutComment(withoutCarriageReturns(rawLine));
    if (isBlank(line)) continue;
    const outcome = lexLine(line, { fileName, line: index + 1, column: 1 });
    if ("message" in outcome) issues.push(outcome);
    else if (entries.push(outcome) >= MAX_ENTRIES) break;
    if (issues.length >= MAX_ENTRIES) break;
  }
  return { entries, issues };
}

/**
 * Reads one `key=value` of the command line; there `#` is an ordinary character.
 *
 * @param text the argument
 * @param position the option's name as file, its ordinal as line
 * @returns the entry, or the issue that stands in its way
 */
export function lexSetting(text: string, position: ConfigPosition): ConfigEntry | Issue {
  return lexLine(text, position);
}

function refuseLength(lengthChars: number, fileName: string): Issue | undefined {
  if (lengthChars <= MAX_CONFIG_LENGTH_CHARS) return undefined;
  return {
    severity: "error",
    position: { fileName, line: 1, column: 1 },
    key: "syntax",
    message: `Cannot read file: longer than ${MAX_CONFIG_LENGTH_CHARS} characters`,
  };
}

function withoutCarriageReturns(line: string): string {
  return line.endsWith("\r") ? withoutCarriageReturns(line.slice(0, -1)) : line;
}

function withoutComment(line: string): string {
  const hash = line.indexOf("#");
  return hash < 0 ? line : line.slice(0, hash);
}

function isBlank(line: string): boolean {
  return trimBlanks(line, 0) === "";
}

function lexLine(line: string, start: ConfigPosition): ConfigEntry | Issue {
  const equals = line.indexOf("=");
  const keyStart = firstNonBlank(line, 0);
  const position = { ...start, column: keyStart + 1 };
  const control = controlCharacter(line);
  if (control !== undefined) {
    return problem("syntax", { ...start, column: control + 1 }, {
      severity: "error",
      message: `Cannot read line: control character ${escapeControl(line[control] ?? "")} in it`,
    });
  }
  if (equals < 0) {
    return problem(firstWord(line.slice(keyStart)), position, {
      severity: "warning",
      effect: "line-lost",
      message: `Cannot read line: no "=" after ${quote(firstWord(line.slice(keyStart)))}`,
    });
  }
  const key = trimBlanks(line.slice(0, equals), 0);
  if (key === "") {
    return problem("syntax", position, {
      severity: "warning",
      effect: "line-lost",
      message: 'Cannot read line: no key before "="',
    });
  }
  const valueStart = firstNonBlank(line, equals + 1);
  return { key, value: trimBlanks(line, valueStart), position, valueColumn: valueStart + 1 };
}

function problem(
  key: string,
  position: ConfigPosition,
  what: Pick<Issue, "severity" | "message" | "effect">,
): Issue {
  return { ...what, key: key === "" ? "syntax" : key, position };
}

function firstNonBlank(line: string, from: number): number {
  let index = from;
  while (index < line.length && isBlankCode(line.charCodeAt(index))) index++;
  return index;
}

function trimBlanks(line: string, from: number): string {
  const start = firstNonBlank(line, from);
  let end = line.length;
  while (end > start && isBlankCode(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlankCode(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function firstWord(text: string): string {
  let end = 0;
  while (end < text.length && !isBlankCode(text.charCodeAt(end))) end++;
  return text.slice(0, Math.min(end, 64));
}

/** A control character in a value could end up in a SIP header (R9) or on a terminal. */
function controlCharacter(line: string): number | undefined {
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code < 0x20 && code !== 0x09) return index;
    if (code >= 0x7f && code <= 0x9f) return index;
  }
  return undefined;
}

/**
 * INI text to an object.
 *
 * @module
 */

/** Turns the text of a value into what the object shall hold. */
// deno-lint-ignore no-explicit-any -- the real package's signature
export type ReviverFunction = (key: string, value: any, section?: string) => any;

/** Options for {@linkcode parse}. */
export interface ParseOptions {
  /** Replaces the default conversion of numbers, `true`, `false`, `null` and quoted text. */
  reviver?: ReviverFunction;
}

function defaultReviver(_key: string, value: string): unknown {
  if (!Number.isNaN(Number(value)) && !value.includes('"')) return Number(value);
  if (value === "null") return null;
  if (value === "true" || value === "false") return value === "true";
  return /^".*"$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith(";") || line.startsWith("//");
}

function sectionName(line: string, lineNumber: number): string {
  if (!line.endsWith("]")) {
    throw new SyntaxError(`Unexpected end of INI section at line ${lineNumber}`);
  }
  const name = line.slice(1, -1);
  if (name === "") throw new SyntaxError(`Unexpected empty section name at line ${lineNumber}`);
  return name;
}

/** Defines instead of assigning: a key named `__proto__` stays an ordinary key. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function assignment(line: string, lineNumber: number): { key: string; value: string } {
  const equals = line.indexOf("=");
  if (equals < 0) {
    throw new SyntaxError(`Unexpected token ${line.charAt(0)} in INI at line ${lineNumber}`);
  }
  const key = line.slice(0, equals).trim();
  if (key === "") throw new SyntaxError(`Unexpected empty key name at line ${lineNumber}`);
  return { key, value: line.slice(equals + 1).trim() };
}

/**
 * Parses INI text; repeated keys keep the last value, sections do not nest.
 *
 * @example A section
 * ```ts
 * import { parse } from "@std/ini/parse";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(parse("[a]\nb = c\n"), { a: { b: "c" } });
 * ```
 *
 * @throws {SyntaxError} On a line that is neither comment, section nor assignment.
 */
export function parse<T extends object>(text: string, options?: ParseOptions): T;
export function parse(text: string, options: ParseOptions = {}): object {
  if (typeof text !== "string") {
    throw new SyntaxError(`Unexpected token ${String(text)} in INI at line 0`);
  }
  const reviver: ReviverFunction = options.reviver ?? defaultReviver;
  const root = {};
  let target = root;
  let section: string | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trimStart();
    if (line === "" || isComment(line)) continue;
    if (line.startsWith("[")) {
      section = sectionName(line, index + 1);
      target = {};
      define(root, section, target);
      continue;
    }
    const { key, value } = assignment(line, index + 1);
    define(target, key, reviver(key, value, section));
  }
  return root;
}

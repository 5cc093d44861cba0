/**
 * An object to INI text.
 *
 * @module
 */

/** Turns a value into the text behind the `=`. */
// deno-lint-ignore no-explicit-any -- the real package's signature
export type ReplacerFunction = (key: string, value: any, section?: string) => string;

/** Options for {@linkcode stringify}. */
export interface StringifyOptions {
  /** What ends a line; default `"\n"`. */
  lineBreak?: "\n" | "\r\n" | "\r";
  /** `true` writes `key = value` in place of `key=value`. */
  pretty?: boolean;
  /** Replaces the default conversion by template text. */
  replacer?: ReplacerFunction;
}

function isSection(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Writes an object as INI text: plain values first, then one section for each object.
 *
 * @example A section
 * ```ts
 * import { stringify } from "@std/ini/stringify";
 * import { equal } from "node:assert/strict";
 * equal(stringify({ a: { b: "c" } }, { pretty: true }), "[a]\nb = c");
 * ```
 */
export function stringify(object: object, options?: StringifyOptions): string {
  const mark = options?.pretty ? " = " : "=";
  const replacer: ReplacerFunction = options?.replacer ?? ((_key, value) => `${value}`);
  const entries: [string, unknown][] = Object.entries(object);
  const lines: string[] = [];
  for (const [key, value] of entries) {
    if (!isSection(value)) lines.push(`${key}${mark}${replacer(key, value)}`);
  }
  for (const [section, values] of entries) {
    if (!isSection(values) || Object.keys(values).length === 0) continue;
    lines.push(`[${section}]`);
    for (const [key, value] of Object.entries(values)) {
      lines.push(`${key}${mark}${replacer(key, value, section)}`);
    }
  }
  return lines.join(options?.lineBreak ?? "\n");
}

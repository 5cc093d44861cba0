import { err, ok, type Result } from "../base/result.ts";
import { quote } from "../config/issues.ts";
import type { Pattern, PatternMatch } from "./pattern.ts";

/** Longest text that a replacement may make of a URI or a body line: siproxd's 2048 and some. */
const MAX_GROWTH_CHARS = 4096;

/** Replacements in one text: a rule that matches everywhere must not multiply a body without end. */
const MAX_REPLACEMENTS = 1000;

/** One piece of a replacement: text, or what a group of the match held. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "group"; readonly index: number };

/** A replacement text with its `\1` … `\9`. */
export interface Replacement {
  /** Texts and groups in their order. */
  readonly pieces: readonly Piece[];
}

/**
 * Prepares a replacement: `\0` is the whole match, `\1` … `\9` its groups, `\\` a backslash; other backslashes stay.
 *
 * @param text as written in siproxd.conf
 * @param pattern the pattern it belongs to
 * @returns the replacement, or the group that the pattern does not have
 */
export function compileReplacement(
  text: string,
  pattern: Pick<Pattern, "groupCount">,
): Result<Replacement> {
  const pieces: Piece[] = [];
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (character === "\\" && next >= "0" && next <= "9") {
      const index = Number(next);
      if (index > pattern.groupCount) {
        return err(`Cannot use replacement ${quote(text)}: the pattern has no group ${index}`);
      }
      pieces.push({ kind: "text", text: plain }, { kind: "group", index });
      plain = "";
      at++;
    } else {
      plain += character;
      if (character === "\\" && next === "\\") at++;
    }
  }
  return ok({ pieces: [...pieces, { kind: "text", text: plain }] });
}

/** A rule: what is looked for, and what is put in its place. */
export interface ReplaceRule {
  /** What is looked for. */
  readonly pattern: Pattern;
  /** What takes its place. */
  readonly replacement: Replacement;
}

/**
 * Applies a rule to a text: once when group 1 took part in the match, else to every match, as siproxd's regex plugins do.
 *
 * @param text the text
 * @param rule pattern and replacement
 * @returns undefined when nothing matches; else the new text, or why there is none
 */
export function replaceFirstOrAll(text: string, rule: ReplaceRule): Result<string> | undefined {
  const first = rule.pattern.exec(text);
  if (first === undefined) return undefined;
  const once = first.groups[1] !== undefined;
  let replaced = "";
  let copied = 0;
  let match: PatternMatch | undefined = first;
  for (let count = 0; match !== undefined && count < MAX_REPLACEMENTS; count++) {
    const inserted = fill(rule.replacement, match);
    if (!inserted.ok) return inserted;
    replaced += text.slice(copied, match.start) + inserted.value;
    copied = match.end;
    if (replaced.length > text.length + MAX_GROWTH_CHARS) {
      return err(`Cannot replace: the text grows by more than ${MAX_GROWTH_CHARS} characters`);
    }
    const from: number = match.end > match.start ? match.end : match.end + 1;
    match = once || from > text.length ? undefined : rule.pattern.exec(text, from);
  }
  return ok(replaced + text.slice(copied));
}

function fill(replacement: Replacement, match: PatternMatch): Result<string> {
  let text = "";
  for (const piece of replacement.pieces) {
    if (piece.kind === "text") {
      text += piece.text;
      continue;
    }
    const group = match.groups[piece.index];
    if (group === undefined) {
      return err(`Cannot replace: group ${piece.index} took no part in the match`);
    }
    text += group;
  }
  return ok(text);
}

import { err, ok, type Result } from "../base/result.ts";
import { quote } from "../config/issues.ts";

/** One node of a pattern; sets are tables of 256 flags, one a latin1 character. */
export type PatternNode =
  | { readonly kind: "set"; readonly table: Uint8Array }
  | { readonly kind: "sequence"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "group"; readonly index: number; readonly node: PatternNode }
  | {
    readonly kind: "repeat";
    readonly node: PatternNode;
    readonly min: number;
    readonly max: number;
  }
  | { readonly kind: "begin" | "end" };

/** A parsed pattern. */
export interface PatternSyntax {
  readonly node: PatternNode;
  readonly groupCount: number;
}

/** Longest pattern: the longest seen in the field has some 60 characters. */
const MAX_PATTERN_LENGTH_CHARS = 512;

/** Deepest nesting of groups: bounds the recursion. */
const MAX_DEPTH = 32;

/** Highest number in braces (POSIX RE_DUP_MAX). */
const MAX_REPEAT = 255;

interface Parser {
  readonly text: string;
  at: number;
  groups: number;
  depth: number;
}

/** A syntax error travels inside the parser as a value, with the offset it was found at. */
interface Fault {
  readonly reason: string;
}

type Parsed = PatternNode | Fault;

/**
 * Parses a POSIX extended regular expression, case-insensitive; `\w \W \s \S` are known too, as in the GNU library.
 *
 * Backreferences and Perl's `(?…)` and `\d` are refused with a hint, since they mean something else here or nothing.
 *
 * @param text the pattern
 * @returns its tree, or why it is none
 */
export function parsePattern(text: string): Result<PatternSyntax> {
  if (text.length > MAX_PATTERN_LENGTH_CHARS) {
    return err(`Cannot use pattern: longer than ${MAX_PATTERN_LENGTH_CHARS} characters`);
  }
  const parser: Parser = { text, at: 0, groups: 0, depth: 0 };
  const node = parseChoice(parser);
  const fault = isFault(node)
    ? node
    : parser.at < text.length
    ? { reason: 'a ")" without "("' }
    : undefined;
  if (fault !== undefined) {
    return err(`Cannot use pattern ${quote(text)}: ${fault.reason} at offset ${parser.at}`);
  }
  return isFault(node) ? err(node.reason) : ok({ node, groupCount: parser.groups });
}

function isFault(parsed: Parsed): parsed is Fault {
  return "reason" in parsed;
}

function parseChoice(parser: Parser): Parsed {
  const nodes: PatternNode[] = [];
  for (;;) {
    const sequence = parseSequence(parser);
    if (isFault(sequence)) return sequence;
    nodes.push(sequence);
    if (parser.text[parser.at] !== "|") break;
    parser.at++;
  }
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: "choice", nodes };
}

function parseSequence(parser: Parser): Parsed {
  const nodes: PatternNode[] = [];
  for (;;) {
    const character = parser.text[parser.at];
    if (character === undefined || character === "|" || character === ")") {
      return { kind: "sequence", nodes };
    }
    const atom = parseAtom(parser);
    if (isFault(atom)) return atom;
    const repeated = parseRepeats(parser, atom);
    if (isFault(repeated)) return repeated;
    nodes.push(repeated);
  }
}

function parseRepeats(parser: Parser, atom: PatternNode): Parsed {
  let node = atom;
  for (;;) {
    const character = parser.text[parser.at];
    if (character === "*") node = { kind: "repeat", node, min: 0, max: Infinity };
    else if (character === "+") node = { kind: "repeat", node, min: 1, max: Infinity };
    else if (character === "?") node = { kind: "repeat", node, min: 0, max: 1 };
    else if (character === "{") {
      const bounds = parseBounds(parser);
      if (bounds === undefined) return { reason: `no {m}, {m,} or {m,n} up to ${MAX_REPEAT}` };
      node = { kind: "repeat", node, ...bounds };
      continue;
    } else return node;
    parser.at++;
  }
}

function parseBounds(parser: Parser): { readonly min: number; readonly max: number } | undefined {
  const close = parser.text.indexOf("}", parser.at);
  if (close < 0) return undefined;
  const [low = "", high, ...rest] = parser.text.slice(parser.at + 1, close).split(",");
  const min = boundOf(low);
  const max = high === undefined ? min : high === "" ? Infinity : boundOf(high);
  if (min === undefined || max === undefined || rest.length > 0 || max < min) return undefined;
  parser.at = close + 1;
  return { min, max };
}

function boundOf(text: string): number | undefined {
  if (text.length < 1 || text.length > 3) return undefined;
  for (const digit of text) if (digit < "0" || digit > "9") return undefined;
  const value = Number(text);
  return value <= MAX_REPEAT ? value : undefined;
}

function parseAtom(parser: Parser): Parsed {
  const character = parser.text[parser.at] ?? "";
  switch (character) {
    case "(":
      return parseGroup(parser);
    case "[":
      return parseBracket(parser);
    case "\\":
      return parseEscape(parser);
    case "*":
    case "+":
    case "?":
    case "{":
      return { reason: `nothing before "${character}"` };
  }
  parser.at++;
  if (character === "^") return { kind: "begin" };
  if (character === "$") return { kind: "end" };
  if (character === ".") return { kind: "set", table: new Uint8Array(256).fill(1) };
  return { kind: "set", table: tableOf([character]) };
}

function parseGroup(parser: Parser): Parsed {
  if (parser.text[parser.at + 1] === "?") {
    return { reason: '"(?" of Perl is not known, write "("' };
  }
  if (++parser.depth > MAX_DEPTH) return { reason: `more than ${MAX_DEPTH} nested groups` };
  parser.at++;
  const index = ++parser.groups;
  const node = parseChoice(parser);
  if (isFault(node)) return node;
  if (parser.text[parser.at] !== ")") return { reason: 'no ")"' };
  parser.at++;
  parser.depth--;
  return { kind: "group", index, node };
}

function parseEscape(parser: Parser): Parsed {
  const character = parser.text[parser.at + 1];
  if (character === undefined) return { reason: "nothing after the backslash" };
  if (character >= "1" && character <= "9") return { reason: "a backreference in the pattern" };
  const named = CLASS_ESCAPES[character];
  if (named === undefined && /[A-Za-z0]/.test(character)) {
    const hint = character.toLowerCase() === "d" ? ", write [0-9]" : "";
    return { reason: `"\\${character}" is not known${hint}` };
  }
  parser.at += 2;
  return { kind: "set", table: named === undefined ? tableOf([character]) : named() };
}

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  alnum: (code) => isDigit(code) || isLetter(code),
  alpha: isLetter,
  blank: (code) => code === 0x20 || code === 0x09,
  cntrl: (code) => code < 0x20 || code === 0x7f,
  digit: isDigit,
  graph: (code) => code > 0x20 && code < 0x7f,
  lower: isLetter,
  print: (code) => code >= 0x20 && code < 0x7f,
  punct: (code) => code > 0x20 && code < 0x7f && !isDigit(code) && !isLetter(code),
  space: (code) => code === 0x20 || (code >= 0x09 && code <= 0x0d),
  upper: isLetter,
  xdigit: (code) => isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66),
};

const CLASS_ESCAPES: Readonly<Record<string, () => Uint8Array>> = {
  w: () => tableWhere((code) => isDigit(code) || isLetter(code) || code === 0x5f),
  W: () => tableWhere((code) => !isDigit(code) && !isLetter(code) && code !== 0x5f),
  s: () => tableWhere((code) => code === 0x20 || (code >= 0x09 && code <= 0x0d)),
  S: () => tableWhere((code) => code !== 0x20 && (code < 0x09 || code > 0x0d)),
};

/** `[abc]`, `[^a-z]`, `[[:digit:]]`; a `]` or `-` that stands first is an ordinary character (POSIX 9.3.5). */
function parseBracket(parser: Parser): Parsed {
  const { text } = parser;
  let at = parser.at + 1;
  const isNegated = text[at] === "^";
  if (isNegated) at++;
  const table = new Uint8Array(256);
  for (let first = true;; first = false) {
    const character = text[at];
    if (character === undefined) return { reason: 'no "]"' };
    if (character === "]" && !first) break;
    if (text.startsWith("[:", at)) {
      const end = text.indexOf(":]", at);
      const test = CLASSES[text.slice(at + 2, end)];
      if (end < 0 || test === undefined) return { reason: "a class that is not known" };
      for (let code = 0; code < 256; code++) if (test(code)) table[code] = 1;
      at = end + 2;
      continue;
    }
    if (text.startsWith("[.", at) || text.startsWith("[=", at)) {
      return { reason: "[. or [= is not known" };
    }
    const next = text[at + 2];
    const isRange = text[at + 1] === "-" && next !== undefined && next !== "]";
    const low = character.charCodeAt(0);
    const high = isRange ? next.charCodeAt(0) : low;
    if (high < low) return { reason: "a range that ends before it begins" };
    for (let code = low; code <= high; code++) markBothCases(table, code);
    at += isRange ? 3 : 1;
  }
  parser.at = at + 1;
  if (isNegated) { for (let code = 0; code < 256; code++) table[code] = table[code] === 1 ? 0 : 1; }
  return { kind: "set", table };
}

function tableOf(characters: readonly string[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) markBothCases(table, character.charCodeAt(0));
  return table;
}

function tableWhere(test: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => test(code) ? 1 : 0);
}

function markBothCases(table: Uint8Array, code: number): void {
  table[code] = 1;
  if (isLetter(code)) table[code ^ 0x20] = 1;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

import { quote } from "./issues.ts";
import { type Reading, reads, readsOddly, refuses } from "./reading.ts";
import type { OptionType } from "./schema.ts";

/** The range part of an integer type. */
export type IntegerRange = Omit<Extract<OptionType, { readonly kind: "integer" }>, "kind">;

/** A number at the start of a text, and how much of the text it took. */
interface Scan {
  readonly value: number;
  readonly lengthChars: number;
}

/**
 * Reads an integer as C does: decimal, `0x` hexadecimal, a leading `0` for octal, a sign.
 *
 * siproxd ignores what follows the number; so do we, but say so, because `010` and `08` are
 * seldom meant as octal.
 *
 * @param text the trimmed value
 * @param range lowest and highest value
 * @returns the number, with a warning about trailing text, or a refusal
 */
export function readInteger(text: string, range: IntegerRange): Reading<number> {
  const noun = range.unit === "port" ? "port" : "number";
  const scan = scanInteger(text);
  if (scan === undefined) return refuses(`Cannot use ${noun} ${quote(text)}: not a number`);
  const { value, lengthChars } = scan;
  if (value < range.min) {
    return refuses(`Cannot use ${noun} ${quote(text)}: lowest is ${range.min}`);
  }
  if (value > range.max) {
    return refuses(`Cannot use ${noun} ${quote(text)}: highest is ${range.max}`);
  }
  if (lengthChars === text.length) return reads(value);
  const rest = quote(text.slice(lengthChars));
  const octal = /^[+-]?0\d/.test(text) ? ", a leading 0 means octal" : "";
  return readsOddly(value, `Cannot use ${rest} after the number: ${value} is used${octal}`);
}

/**
 * Reads a switch.
 *
 * @param text the trimmed value
 * @param type whether a number other than 0 and 1 counts as on
 * @returns true for on
 */
export function readFlag(
  text: string,
  type: Extract<OptionType, { readonly kind: "flag" }>,
): Reading<boolean> {
  const scan = scanInteger(text);
  if (scan === undefined || scan.lengthChars < text.length) {
    return refuses(`Cannot use ${quote(text)}: write 1 for on or 0 for off`);
  }
  if (scan.value === 0 || scan.value === 1) return reads(scan.value === 1);
  if (type.other === "on") return readsOddly(true, `Cannot use ${quote(text)}: taken for 1 (on)`);
  return refuses(`Cannot use ${quote(text)}: write 1 for on or 0 for off`);
}

/**
 * Finds the integer at the start of a text.
 *
 * @param text the trimmed value
 * @returns its value and length, or undefined when there is none
 */
export function scanInteger(text: string): Scan | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  let start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
  let radix = 10;
  if (text[start] === "0") {
    radix = 8;
    const marked = text[start + 1] === "x" || text[start + 1] === "X";
    if (marked && digit(text, start + 2) < 16) {
      radix = 16;
      start += 2;
    }
  }
  let value = 0;
  let end = start;
  for (; digit(text, end) < radix; end++) value = value * radix + digit(text, end);
  return end === start ? undefined : { value: value === 0 ? 0 : sign * value, lengthChars: end };
}

/** The digit at a place, up to 15; Infinity where there is none. */
function digit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Infinity;
}

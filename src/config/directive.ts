import type { Directive, DirectiveGroup, OptionType, Unit } from "./schema.ts";

/** Longest delay that a timer takes: 2^31 - 1 milliseconds, a little under 25 days. */
export const MAX_TIMER_SECONDS = 2_147_483;

/** Longest expiry accepted: a year; anything above is a slip of the pen. */
export const MAX_EXPIRES_SECONDS = 31_536_000;

/** Longest header text we put into messages: keeps a datagram below the usual MTU. */
const MAX_HEADER_TEXT_LENGTH_CHARS = 255;

/** siproxd's integers: 32 bits, signed. */
const INT32_MIN = -2_147_483_648;

/** What a table row spells out; the rest is the usual case. */
export interface DirectiveRow {
  readonly key: string;
  readonly type: OptionType;
  readonly help: string;
  readonly example: string;
  readonly default?: string;
  readonly repeat?: "array";
  readonly origin?: "new";
}

/**
 * Completes the rows of one section.
 *
 * @param group the section
 * @param rows what its directives say about themselves
 * @returns the directives, frozen
 */
export function section(
  group: DirectiveGroup,
  rows: readonly DirectiveRow[],
): readonly Directive[] {
  return Object.freeze(rows.map((row) =>
    Object.freeze({
      key: row.key,
      group,
      type: row.type,
      repeat: row.repeat ?? "scalar",
      defaultText: row.default,
      origin: row.origin ?? "siproxd",
      help: row.help,
      example: row.example,
    })
  ));
}

/** A switch of C siproxd, which takes any number but 0 for on. */
export const OLD_FLAG: OptionType = Object.freeze({ kind: "flag", other: "on" });

/** A switch that takes 0 and 1 only. */
export const FLAG: OptionType = Object.freeze({ kind: "flag", other: "refuse" });

/** A text that goes into a SIP header. */
export const HEADER_TEXT: OptionType = Object.freeze({
  kind: "text",
  maxLengthChars: MAX_HEADER_TEXT_LENGTH_CHARS,
});

/** A password. */
export const SECRET: OptionType = Object.freeze({
  kind: "secret",
  maxLengthChars: MAX_HEADER_TEXT_LENGTH_CHARS,
});

/**
 * A number in a range.
 *
 * @param min lowest value
 * @param options highest value, and its unit
 * @returns the type
 */
export function integer(
  min: number,
  options: { readonly max: number; readonly unit?: Unit },
): OptionType {
  return Object.freeze({ kind: "integer", min, ...options });
}

/** Seconds for a timer, at least one. */
export const SECONDS: OptionType = integer(1, { max: MAX_TIMER_SECONDS, unit: "seconds" });

/** Seconds for a timer where 0, and in old files anything below, means off. */
export const SECONDS_OR_OFF: OptionType = integer(INT32_MIN, {
  max: MAX_TIMER_SECONDS,
  unit: "seconds",
});

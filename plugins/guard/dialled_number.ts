import type { AnyUri } from "../../src/sip/uri.ts";
import { unescapeUri } from "../../src/sip/uri.ts";

/** Longest number that rules look at; E.164 has 15 digits, and prefixes of carriers come before them. */
const MAX_NUMBER_LENGTH_CHARS = 64;

/** RFC 3966 §5.1.1: they stand in numbers for the eye alone. */
const VISUAL_SEPARATORS: ReadonlySet<string> = new Set(["-", ".", "(", ")", " "]);

/**
 * Emergency numbers: those that any phone dials without a card (3GPP TS 22.101 §10.1.1), and others of Europe, Asia
 * and America that have no second meaning.
 */
export const EMERGENCY_NUMBERS: readonly string[] = Object.freeze(
  "000 08 110 111 112 113 115 116117 117 118 119 122 133 140 144 15 17 18 190 191 192 193 911 999"
    .split(" "),
);

/**
 * Gives the digits that a caller dialled, written in one way.
 *
 * @param uri the Request-URI
 * @param international what is dialled for `+`, such as `00`
 * @returns digits, `*` and `#`; or the lower-case text of a service URN (RFC 5031); undefined when it is no number
 */
export function dialledNumber(uri: AnyUri, international: string): string | undefined {
  if (uri.kind === "sip") {
    return uri.user === undefined ? undefined : plainNumber(unescapeUri(uri.user), international);
  }
  const text = uri.text.toLowerCase();
  if (text.startsWith("tel:")) return plainNumber(unescapeUri(text.slice(4)), international);
  return text.startsWith("urn:service:") ? text : undefined;
}

/**
 * Writes a number without separators and parameters, `+` as it is dialled.
 *
 * @param text as a user writes it
 * @param international what is dialled for `+`
 * @returns undefined when something else than a number stands there
 */
export function plainNumber(text: string, international: string): string | undefined {
  const semicolon = text.indexOf(";");
  const number = semicolon < 0 ? text : text.slice(0, semicolon);
  if (number === "" || number.length > MAX_NUMBER_LENGTH_CHARS) return undefined;
  let plain = "";
  for (const character of number) {
    if (VISUAL_SEPARATORS.has(character)) continue;
    if (character === "+" && plain === "") plain = international;
    else if (isDialled(character)) plain += character;
    else return undefined;
  }
  return plain === "" ? undefined : plain;
}

function isDialled(character: string): boolean {
  return (character >= "0" && character <= "9") || character === "*" || character === "#";
}

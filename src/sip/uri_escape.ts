/**
 * Resolves `%HH` escapes once (RFC 3261 §19.1.2); escapes with other characters behind the `%` stay as they are.
 *
 * The result may hold control characters (`%00`, `%0d%0a`): it is for comparing and reading, never for output (R9).
 *
 * @param text a URI component as written
 * @returns the text meant
 */
export function unescapeUri(text: string): string {
  return text.indexOf("%") < 0 ? text : mapEscapes(text, (code) => String.fromCharCode(code));
}

/**
 * Gives the form of a component under which equal spellings are equal (RFC 3261 §19.1.4) and no two meanings are.
 *
 * Visible ASCII is unescaped; `%`, blanks, control and 8-bit characters stand as upper-case escapes. So the result is
 * also safe to print and to use in a key.
 *
 * @param text a URI component as written
 * @returns the canonical spelling
 */
export function canonicalEscapes(text: string): string {
  if (isPlain(text)) return text;
  const readable = mapEscapes(text, canonicalCharacter);
  let canonical = "";
  for (let at = 0; at < readable.length; at++) {
    const code = readable.charCodeAt(at);
    canonical += code > 0x20 && code < 0x7f ? readable.charAt(at) : escapeCode(code);
  }
  return canonical;
}

function canonicalCharacter(code: number): string {
  return code > 0x20 && code < 0x7f && code !== 0x25 ? String.fromCharCode(code) : escapeCode(code);
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f || code === 0x25) return false;
  }
  return true;
}

function mapEscapes(text: string, convert: (code: number) => string): string {
  let mapped = "";
  let copied = 0;
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) {
    const code = hexPair(text, at + 1);
    if (code < 0) continue;
    mapped += text.slice(copied, at) + convert(code);
    copied = at + 3;
    at += 2;
  }
  return mapped + text.slice(copied);
}

function hexPair(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function escapeCode(code: number): string {
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** What a user part may hold besides letters and digits (RFC 3261 §25.1 user-unreserved and mark). */
const USER_MARKS = "-_.!~*'()&=+$,;?/";

/**
 * Escapes a plain text for the user part of a URI.
 *
 * @param text the user meant, latin1
 * @returns the text to write
 * @example A user with a hash
 * ```ts
 * import { escapeUriUser } from "./uri_escape.ts";
 * if (escapeUriUser("*97#") !== "*97%23") throw new Error("unexpected");
 * ```
 */
export function escapeUriUser(text: string): string {
  let escaped = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isAlphanumeric = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a);
    const isAllowed = isAlphanumeric || USER_MARKS.includes(text.charAt(at));
    escaped += isAllowed ? text.charAt(at) : escapeCode(code);
  }
  return escaped;
}

const TOKEN_EXTRAS = "-.!%*_+`'~";

const tokenTable: Uint8Array = buildTokenTable();

function buildTokenTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 128; code++) {
    const text = String.fromCharCode(code);
    const isAlphanumeric = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a);
    if (isAlphanumeric || TOKEN_EXTRAS.includes(text)) table[code] = 1;
  }
  return table;
}

/**
 * Finds the end of a token (RFC 3261 §25.1).
 *
 * @param text the text to scan
 * @param start offset of the first character
 * @returns offset of the first character that is none of a token; `start` when there is no token
 */
export function tokenEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && tokenTable[text.charCodeAt(at)] === 1) at++;
  return at;
}

/**
 * Tells whether a whole text is one token (RFC 3261 §25.1).
 *
 * @param text a method, a parameter name, a header name
 * @returns false for the empty text too
 */
export function isToken(text: string): boolean {
  return text.length > 0 && tokenEnd(text, 0) === text.length;
}

/**
 * Skips blanks and tabs; folds are gone when field values are scanned.
 *
 * @param text the text to scan
 * @param start offset to begin at
 * @returns offset of the first character that is neither
 */
export function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlankCode(text.charCodeAt(at))) at++;
  return at;
}

/**
 * Cuts blanks and tabs at both ends, and nothing else (unlike `trim`, which takes NBSP of latin1 texts as well).
 *
 * @param text the text to trim
 * @returns the rest
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlankCode(text.charCodeAt(start))) start++;
  while (end > start && isBlankCode(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Finds the end of a quoted-string; a backslash takes the next character with it (RFC 3261 §25.1).
 *
 * @param text the text to scan
 * @param start offset of the opening quote
 * @returns offset after the closing quote, or -1 when it never closes
 */
export function quotedStringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
  return -1;
}

/**
 * Reads a number that consists of digits alone: no sign, no blank, no exponent.
 *
 * @param text the digits
 * @returns the number; very long ones lose precision but stay finite or become Infinity; undefined when a character is no digit
 */
export function parseDigits(text: string): number | undefined {
  if (text.length === 0) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Tells whether a character is a blank or a tab.
 *
 * @param code a character code; NaN past the end is neither
 * @returns true for SP and HTAB
 */
export function isBlankCode(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

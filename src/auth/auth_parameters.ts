/** Parameters of one credentials field: RFC 7616 knows thirteen, so more is a flood. */
const MAX_PARAMETERS = 32;

/** What a list of `name=value` holds, as far as it can be read. */
export interface AuthParameters {
  /** Values without quotes, by name in lower case. */
  readonly values: ReadonlyMap<string, string>;
  /** The first thing that is wrong, in our error wording. */
  readonly problem: string | undefined;
}

/**
 * Reads the comma list of `name=value` that follows the scheme (RFC 7235 §2.1).
 *
 * What stands before a mistake is read all the same, so that truncated credentials still tell whose they are.
 *
 * @param text a field value
 * @param start offset after the scheme
 * @returns values and the first problem
 */
export function readAuthParameters(text: string, start: number): AuthParameters {
  const values = new Map<string, string>();
  const fail = (reason: string) => ({ values, problem: `Cannot parse credentials: ${reason}` });
  let at = skip(text, start);
  while (at < text.length) {
    const equals = text.indexOf("=", at);
    if (equals < 0) return fail(`no value at offset ${at}`);
    const name = text.slice(at, equals).trim().toLowerCase();
    if (!isName(name)) return fail(`no name at offset ${at}`);
    const value = readValue(text, equals + 1);
    if (value === undefined) return fail(`${name} ends in the middle`);
    if (values.has(name)) return fail(`${name} stands twice`);
    if (values.size >= MAX_PARAMETERS) return fail(`more than ${MAX_PARAMETERS} parameters`);
    values.set(name, value.text);
    at = skipBlanks(text, value.end);
    if (at < text.length && text.charCodeAt(at) !== 0x2c) return fail(`no comma at offset ${at}`);
    at = skip(text, at);
  }
  return { values, problem: undefined };
}

interface Value {
  readonly text: string;
  /** Offset after it. */
  readonly end: number;
}

function readValue(text: string, start: number): Value | undefined {
  const at = skipBlanks(text, start);
  if (text.charCodeAt(at) === 0x22) return readQuoted(text, at + 1);
  let end = at;
  while (end < text.length && !isSeparator(text.charCodeAt(end))) end++;
  return end === at ? undefined : { text: text.slice(at, end), end };
}

function readQuoted(text: string, start: number): Value | undefined {
  let plain = "";
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { text: plain, end: at + 1 };
    if (code === 0x5c) at++;
    plain += text.charAt(at);
  }
  return undefined;
}

function isName(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isLetterOrDigit = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (!isLetterOrDigit && code !== 0x2d && code !== 0x5f) return false;
  }
  return text !== "";
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x2c || code === 0x22;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at++;
  return at;
}

/** Skips commas too: empty list elements mean nothing (RFC 7230 §7). */
function skip(text: string, start: number): number {
  let at = skipBlanks(text, start);
  while (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  return at;
}

import { err, ok, type Result } from "../base/result.ts";
import { isBlankCode, quotedStringEnd, skipBlanks, tokenEnd } from "./scan.ts";

/** One `;name=value` of a URI or of a header field, as written; quoted values keep their quotes. */
export interface Parameter {
  /** As written; names are compared without case. */
  readonly name: string;
  /** Undefined when no `=` follows the name. */
  readonly value: string | undefined;
}

const NO_PARAMETERS: readonly Parameter[] = Object.freeze([]);

/**
 * Parses the `;name=value` list that ends a header field (RFC 3261 §25.1 generic-param).
 *
 * Blanks around `;` and `=` are allowed, an empty parameter (`;;`) is not. Values are a quoted-string or anything
 * visible but `" < > , ;`: phones write unquoted addresses and base64 there.
 *
 * @param text the field value
 * @param start offset at which the list begins; the rest of the text must belong to it
 * @returns the parameters in order
 */
export function parseParameters(text: string, start: number): Result<readonly Parameter[]> {
  let at = skipBlanks(text, start);
  if (at === text.length) return ok(NO_PARAMETERS);
  const parameters: Parameter[] = [];
  while (at < text.length) {
    if (text.charCodeAt(at) !== 0x3b) {
      return err(`Cannot parse parameters: unexpected character at offset ${at}`);
    }
    const nameStart = skipBlanks(text, at + 1);
    const nameEnd = tokenEnd(text, nameStart);
    if (nameEnd === nameStart) return err(`Cannot parse parameters: empty name at offset ${at}`);
    const name = text.slice(nameStart, nameEnd);
    at = skipBlanks(text, nameEnd);
    if (text.charCodeAt(at) !== 0x3d) {
      parameters.push({ name, value: undefined });
      continue;
    }
    const valueStart = skipBlanks(text, at + 1);
    const valueStop = valueEnd(text, valueStart);
    if (valueStop < 0) return err(`Cannot parse parameters: open quote at offset ${valueStart}`);
    parameters.push({ name, value: text.slice(valueStart, valueStop) });
    at = skipBlanks(text, valueStop);
  }
  return ok(parameters);
}

function valueEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === 0x22) return quotedStringEnd(text, start);
  let at = start;
  while (at < text.length && isValueCode(text.charCodeAt(at))) at++;
  return at;
}

function isValueCode(code: number): boolean {
  if (isBlankCode(code) || code < 0x21 || code === 0x7f) return false;
  return code !== 0x3b && code !== 0x2c && code !== 0x22 && code !== 0x3c && code !== 0x3e;
}

/**
 * Finds a parameter; names are compared in any case (RFC 3261 §7.3.1).
 *
 * @param parameters a parsed list
 * @param name the name in lower case
 * @returns the first one of that name
 */
export function findParameter(
  parameters: readonly Parameter[],
  name: string,
): Parameter | undefined {
  for (const parameter of parameters) {
    if (parameter.name === name) return parameter;
    if (parameter.name.length === name.length && parameter.name.toLowerCase() === name) {
      return parameter;
    }
  }
  return undefined;
}

/**
 * Gives a parameter's value as written.
 *
 * @param parameters a parsed list
 * @param name the name in lower case
 * @returns undefined when the parameter is missing or has no value
 */
export function parameterValue(
  parameters: readonly Parameter[],
  name: string,
): string | undefined {
  return findParameter(parameters, name)?.value;
}

/**
 * Sets a parameter: the first of that name is replaced in place, further ones go, a new one is appended.
 *
 * @param parameters a parsed list
 * @param parameter what to set
 * @returns a new list
 */
export function withParameter(
  parameters: readonly Parameter[],
  parameter: Parameter,
): readonly Parameter[] {
  const key = parameter.name.toLowerCase();
  const first = findParameter(parameters, key);
  if (first === undefined) return [...parameters, parameter];
  const kept: Parameter[] = [];
  for (const old of parameters) {
    if (old === first) kept.push(parameter);
    else if (old.name.toLowerCase() !== key) kept.push(old);
  }
  return kept;
}

/**
 * Takes every parameter of a name out.
 *
 * @param parameters a parsed list
 * @param name the name in lower case
 * @returns a new list
 */
export function withoutParameter(
  parameters: readonly Parameter[],
  name: string,
): readonly Parameter[] {
  return parameters.filter((parameter) => parameter.name.toLowerCase() !== name);
}

/**
 * Counts the parameters of a name; more than one tag or branch is ambiguous (RFC 3261 §7.3.1).
 *
 * @param parameters a parsed list
 * @param name the name in lower case
 * @returns how often it occurs
 */
export function countParameter(parameters: readonly Parameter[], name: string): number {
  let count = 0;
  for (const parameter of parameters) {
    if (parameter.name.length === name.length && parameter.name.toLowerCase() === name) count++;
  }
  return count;
}

/**
 * Writes parameters without blanks.
 *
 * @param parameters a list
 * @returns `;a=b;c`, or the empty text
 */
export function formatParameters(parameters: readonly Parameter[]): string {
  let text = "";
  for (const { name, value } of parameters) {
    text += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  return text;
}

/**
 * Takes the quotes and quoted-pairs off a quoted-string (RFC 3261 §25.1).
 *
 * @param text a value as written
 * @returns the text meant; unquoted text comes back as it is
 */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== 0x22 || quotedStringEnd(text, 0) !== text.length) return text;
  const inner = text.slice(1, -1);
  if (inner.indexOf("\\") < 0) return inner;
  let plain = "";
  for (let at = 0; at < inner.length; at++) {
    if (inner.charCodeAt(at) === 0x5c) at++;
    plain += inner.charAt(at);
  }
  return plain;
}

/**
 * Writes a text as quoted-string, with backslashes before quote and backslash.
 *
 * @param text plain text without CR, LF, NUL
 * @returns the text in quotes
 */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

import { err, ok, type Result } from "../base/result.ts";
import { excerpt } from "./excerpt.ts";
import { formatHostPort, parseHostPort } from "./host_port.ts";
import { formatParameters, withoutParameter, withParameter } from "./parameters.ts";
import type { AnyUri, SipUri, SipUriParts, UriParameter } from "./uri_model.ts";
import { unescapeUri } from "./uri_escape.ts";

export type { AnyUri, OtherUri, SipUri, SipUriParts, UriParameter } from "./uri_model.ts";
export {
  addressOfRecordKey,
  compareHostPort,
  compareUris,
  compareUserHost,
  type PortRule,
  sameAddressOfRecord,
} from "./uri_compare.ts";
export { canonicalEscapes, escapeUriUser, unescapeUri } from "./uri_escape.ts";

const NO_PARAMETERS: readonly UriParameter[] = Object.freeze([]);

/**
 * Parses a URI without angle brackets (RFC 3261 §19.1, §25.1).
 *
 * @param text the URI, no blanks around it
 * @returns a SipUri for `sip:` and `sips:`, an OtherUri for every other scheme
 * @example User part with a semicolon (RFC 4475 §3.1.1.9)
 * ```ts
 * import { parseUri } from "./uri.ts";
 * const uri = parseUri("sip:user;par=u%40example.net@example.com");
 * if (!uri.ok || uri.value.kind !== "sip" || uri.value.host !== "example.com") throw new Error("unexpected");
 * ```
 */
export function parseUri(text: string): Result<AnyUri> {
  const colon = text.indexOf(":");
  if (colon < 1 || !isScheme(text, colon)) {
    return err(`Cannot parse URI ${excerpt(text)}: no scheme`);
  }
  if (!hasOnlyUriCharacters(text)) {
    return err(`Cannot parse URI ${excerpt(text)}: blank, quote or bracket`);
  }
  if (colon + 1 === text.length) {
    return err(`Cannot parse URI ${excerpt(text)}: nothing after the scheme`);
  }
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === "sip" || scheme === "sips") return parseSipUri(text, scheme);
  return ok({ kind: "other", scheme, opaque: text.slice(colon + 1), text });
}

function parseSipUri(text: string, scheme: "sip" | "sips"): Result<SipUri> {
  const start = scheme.length + 1;
  const at = text.indexOf("@", start);
  // A password without a user (`sip::secret@host`) has nobody whom it proves.
  if (at === start || (at > start && text.charCodeAt(start) === 0x3a)) {
    return err(`Cannot parse URI ${excerpt(text)}: empty user part`);
  }
  if (at > 0 && text.indexOf("@", at + 1) >= 0) {
    return err(`Cannot parse URI ${excerpt(text)}: more than one @`);
  }
  const hostStart = at < 0 ? start : at + 1;
  const question = text.indexOf("?", hostStart);
  const parametersEnd = question < 0 ? text.length : question;
  const semicolon = text.indexOf(";", hostStart);
  const hasParameters = semicolon >= 0 && semicolon < parametersEnd;
  const hostPort = parseHostPort(text.slice(hostStart, hasParameters ? semicolon : parametersEnd));
  if (!hostPort.ok) return err(`Cannot parse URI ${excerpt(text)}: ${hostPort.error}`);
  const parameters = hasParameters
    ? parseUriParameters(text.slice(semicolon + 1, parametersEnd))
    : NO_PARAMETERS;
  if (parameters === undefined) return err(`Cannot parse URI ${excerpt(text)}: empty parameter`);
  const userInfo = at < 0 ? undefined : text.slice(start, at);
  const password = userInfo === undefined ? -1 : userInfo.indexOf(":");
  return ok({
    kind: "sip",
    scheme,
    user: password < 0 ? userInfo : userInfo?.slice(0, password),
    password: password < 0 ? undefined : userInfo?.slice(password + 1),
    host: hostPort.value.host,
    port: hostPort.value.port,
    parameters,
    headers: question < 0 ? undefined : text.slice(question + 1),
    text,
  });
}

function parseUriParameters(text: string): readonly UriParameter[] | undefined {
  const parameters: UriParameter[] = [];
  for (const piece of text.split(";")) {
    const equals = piece.indexOf("=");
    if (piece.length === 0 || equals === 0) return undefined;
    parameters.push(
      equals < 0
        ? { name: piece, value: undefined }
        : { name: piece.slice(0, equals), value: piece.slice(equals + 1) },
    );
  }
  return parameters;
}

function isScheme(text: string, end: number): boolean {
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    const isOther = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d ||
      code === 0x2e;
    if (!isLetter && !(at > 0 && isOther)) return false;
  }
  return true;
}

function hasOnlyUriCharacters(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return false;
    if (code === 0x22 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}

/**
 * Writes a SIP URI from its parts; parts must be escaped already.
 *
 * @param parts what to write; the scheme is `sip` when left out
 * @returns the text
 */
export function formatUri(parts: SipUriParts): string {
  const password = parts.password === undefined ? "" : `:${parts.password}`;
  const userInfo = parts.user === undefined ? "" : `${parts.user}${password}@`;
  const hostPort = formatHostPort({ host: parts.host, port: parts.port });
  const parameters = parts.parameters === undefined ? "" : formatParameters(parts.parameters);
  const headers = parts.headers === undefined ? "" : `?${parts.headers}`;
  return `${parts.scheme ?? "sip"}:${userInfo}${hostPort}${parameters}${headers}`;
}

/**
 * Builds a SIP URI from its parts, its `text` included.
 *
 * @param parts what it consists of; a SipUri with some parts replaced will do
 * @returns the URI
 */
export function makeSipUri(parts: SipUriParts): SipUri {
  return {
    kind: "sip",
    scheme: parts.scheme ?? "sip",
    user: parts.user,
    password: parts.password,
    host: parts.host,
    port: parts.port,
    parameters: parts.parameters ?? NO_PARAMETERS,
    headers: parts.headers,
    text: formatUri(parts),
  };
}

/**
 * Gives a URI parameter; escaped spellings of its name count too (`%6C%72` is `lr`, RFC 4475 §3.1.1.3).
 *
 * @param uri a SIP URI
 * @param name the name in lower case
 * @returns the value as written, the empty text when it has none, undefined when there is no such parameter
 */
export function uriParameter(uri: SipUri, name: string): string | undefined {
  for (const parameter of uri.parameters) {
    const isMatch = parameter.name === name || unescapeUri(parameter.name).toLowerCase() === name;
    if (isMatch) return parameter.value ?? "";
  }
  return undefined;
}

/**
 * Sets a URI parameter, in place when it is there.
 *
 * @param uri a SIP URI
 * @param parameter what to set; its value must be escaped already
 * @returns a new URI
 */
export function withUriParameter(uri: SipUri, parameter: UriParameter): SipUri {
  return makeSipUri({ ...uri, parameters: withParameter(uri.parameters, parameter) });
}

/**
 * Takes a URI parameter out; the URI itself comes back when it has none of that name.
 *
 * @param uri a SIP URI
 * @param name the name in lower case
 * @returns the URI without it
 */
export function withoutUriParameter(uri: SipUri, name: string): SipUri {
  const parameters = withoutParameter(uri.parameters, name);
  return parameters.length === uri.parameters.length ? uri : makeSipUri({ ...uri, parameters });
}

/**
 * Gives the port that a URI means (RFC 3261 §19.1.2): the written one, else 5061 for `sips`, else 5060.
 *
 * @param uri a SIP URI
 * @returns 1 … 65535
 */
export function uriPort(uri: SipUri): number {
  return uri.port ?? (uri.scheme === "sips" ? 5061 : 5060);
}

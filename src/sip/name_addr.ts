import { err, ok, type Result } from "../base/result.ts";
import { type Parameter, parameterValue, parseParameters, unquote } from "./parameters.ts";
import { formatParameters, withoutParameter, withParameter } from "./parameters.ts";
import { quotedStringEnd, trimBlanks } from "./scan.ts";
import { type AnyUri, parseUri } from "./uri.ts";

/** The value of From, To, Contact, Route and their kin (RFC 3261 §20.10). */
export interface NameAddr {
  /** Display name as written, with its quotes; empty when there is none. */
  readonly displayName: string;
  /** The URI between the brackets. */
  readonly uri: AnyUri;
  /** Header parameters: those after `>`, or all of them when there are no angle brackets. */
  readonly parameters: readonly Parameter[];
  /** Whether the URI stood in angle brackets. */
  readonly brackets: "present" | "absent";
}

/**
 * Parses one name-addr or addr-spec with its header parameters.
 *
 * Without `<>`, parameters belong to the header and the URI may hold no `?` or `,` (RFC 3261 §20). Unquoted display
 * names may hold any visible character but `, ; : " < >`, since phones send `Bob (work)`; an unquoted comma is
 * refused (RFC 4475 §3.1.2.15), and so are blanks inside the brackets (§3.1.2.14).
 *
 * @param text one element of the header's list
 * @returns its parts
 * @example Where parameters belong
 * ```ts
 * import { parseNameAddr } from "./name_addr.ts";
 * const contact = parseNameAddr("sip:bob@b.example;expires=60");
 * if (!contact.ok || contact.value.parameters[0]?.name !== "expires") throw new Error("unexpected");
 * ```
 */
export function parseNameAddr(text: string): Result<NameAddr> {
  const trimmed = trimBlanks(text);
  const open = openBracket(trimmed);
  if (open === "unbalanced") return err("Cannot parse address: display name is not well formed");
  return open < 0 ? parseAddrSpec(trimmed) : parseBracketed(trimmed, open);
}

/** Offset of the bracket that opens the URI, -1 for an addr-spec. */
function openBracket(text: string): number | "unbalanced" {
  if (text.charCodeAt(0) === 0x22) {
    const quoteEnd = quotedStringEnd(text, 0);
    if (quoteEnd < 0) return "unbalanced";
    const open = text.indexOf("<", quoteEnd);
    return open < 0 || trimBlanks(text.slice(quoteEnd, open)) !== "" ? "unbalanced" : open;
  }
  const open = text.indexOf("<");
  return open >= 0 && isDisplayName(text, open) ? open : -1;
}

function isDisplayName(text: string, end: number): boolean {
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const isControl = (code < 0x20 && code !== 0x09) || code === 0x7f;
    if (isControl || code === 0x2c || code === 0x3b || code === 0x3a || code === 0x22) return false;
    if (code === 0x3e) return false;
  }
  return true;
}

function parseBracketed(text: string, open: number): Result<NameAddr> {
  const close = text.indexOf(">", open);
  if (close < 0) return err(`Cannot parse address: no ">" after offset ${open}`);
  const uri = parseUri(text.slice(open + 1, close));
  if (!uri.ok) return uri;
  const parameters = parseParameters(text, close + 1);
  if (!parameters.ok) return parameters;
  const displayName = trimBlanks(text.slice(0, open));
  return ok({ displayName, uri: uri.value, parameters: parameters.value, brackets: "present" });
}

function parseAddrSpec(text: string): Result<NameAddr> {
  const semicolon = text.indexOf(";");
  const uriEnd = semicolon < 0 ? text.length : semicolon;
  const uri = parseUri(trimBlanks(text.slice(0, uriEnd)));
  if (!uri.ok) return uri;
  if (uri.value.text.indexOf("?") >= 0 || uri.value.text.indexOf(",") >= 0) {
    return err('Cannot parse address: "?" or "," in a URI without brackets');
  }
  const parameters = parseParameters(text, uriEnd);
  if (!parameters.ok) return parameters;
  return ok({
    displayName: "",
    uri: uri.value,
    parameters: parameters.value,
    brackets: "absent",
  });
}

/** What a name-addr is written from: a parsed one, possibly with another URI in it. */
export interface NameAddrText extends NameAddr {
  /** Written instead of the text of `uri`. */
  readonly uriText?: string | undefined;
}

/**
 * Writes a name-addr; brackets are added where the URI needs them (RFC 3261 §20).
 *
 * @param nameAddr what to write
 * @returns the text of one list element
 * @example Another URI, the rest kept
 * ```ts
 * import { formatNameAddr, parseNameAddr } from "./name_addr.ts";
 * const contact = parseNameAddr('"Bob" <sip:bob@10.0.0.10>;expires=60');
 * if (!contact.ok) throw new Error("unexpected");
 * const text = formatNameAddr({ ...contact.value, uriText: "sip:bob@192.0.2.1" });
 * if (text !== '"Bob" <sip:bob@192.0.2.1>;expires=60') throw new Error("unexpected");
 * ```
 */
export function formatNameAddr(nameAddr: NameAddrText): string {
  const { displayName, brackets } = nameAddr;
  const uri = nameAddr.uriText ?? nameAddr.uri.text;
  const parameters = formatParameters(nameAddr.parameters);
  if (displayName !== "") return `${displayName} <${uri}>${parameters}`;
  const isBare = brackets === "absent" && !needsBrackets(uri);
  return isBare ? `${uri}${parameters}` : `<${uri}>${parameters}`;
}

function needsBrackets(uri: string): boolean {
  return uri.indexOf(";") >= 0 || uri.indexOf(",") >= 0 || uri.indexOf("?") >= 0;
}

/**
 * Gives the tag (RFC 3261 §19.3).
 *
 * @param nameAddr a From or To value
 * @returns undefined when it has none, as RFC 2543 agents do, or an empty one
 */
export function nameAddrTag(nameAddr: NameAddr): string | undefined {
  const tag = parameterValue(nameAddr.parameters, "tag");
  return tag === "" ? undefined : tag;
}

/**
 * Gives a header parameter's meaning: quotes and quoted-pairs taken off.
 *
 * @param nameAddr any address value
 * @param name the parameter in lower case, such as `+sip.instance`
 * @returns undefined when missing; the empty text when it has no value
 */
export function nameAddrParameter(nameAddr: NameAddr, name: string): string | undefined {
  for (const parameter of nameAddr.parameters) {
    if (parameter.name.toLowerCase() === name) return unquote(parameter.value ?? "");
  }
  return undefined;
}

/**
 * Sets a header parameter, in place when it is there.
 *
 * @param nameAddr any address value
 * @param parameter what to set, its value quoted if need be
 * @returns a new value
 */
export function withNameAddrParameter(nameAddr: NameAddr, parameter: Parameter): NameAddr {
  return { ...nameAddr, parameters: withParameter(nameAddr.parameters, parameter) };
}

/**
 * Takes a header parameter out.
 *
 * @param nameAddr any address value
 * @param name the parameter in lower case
 * @returns a new value
 */
export function withoutNameAddrParameter(nameAddr: NameAddr, name: string): NameAddr {
  return { ...nameAddr, parameters: withoutParameter(nameAddr.parameters, name) };
}

/**
 * Gives the display name meant: without quotes and backslashes.
 *
 * @param nameAddr any address value
 * @returns latin1 text; may hold control characters, so escape it before printing (R25)
 */
export function displayNameText(nameAddr: NameAddr): string {
  return unquote(nameAddr.displayName);
}

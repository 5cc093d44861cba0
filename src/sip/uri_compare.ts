import { canonicalHost, sameHost } from "./host_port.ts";
import { canonicalEscapes } from "./uri_escape.ts";
import type { AnyUri, OtherUri, SipUri, UriParameter } from "./uri_model.ts";

/** Parameters that must stand in both URIs or in none (RFC 3261 §19.1.4; transport by its examples). */
const NEVER_IGNORED: ReadonlySet<string> = new Set(["user", "ttl", "method", "maddr", "transport"]);

/**
 * Compares two URIs by RFC 3261 §19.1.4: user part by case, the rest in any case, a missing port unlike 5060.
 *
 * @param left one URI
 * @param right the other
 * @returns true when they are equivalent
 * @example The RFC's own pair
 * ```ts
 * import { compareUris, parseUri } from "./uri.ts";
 * const left = parseUri("sip:%61lice@atlanta.com;transport=TCP");
 * const right = parseUri("sip:alice@AtlanTa.CoM;Transport=tcp");
 * if (!left.ok || !right.ok || !compareUris(left.value, right.value)) throw new Error("unexpected");
 * ```
 */
export function compareUris(left: AnyUri, right: AnyUri): boolean {
  if (left.text === right.text) return true;
  if (left.kind !== "sip" || right.kind !== "sip") return sameOther(left, right);
  return left.scheme === right.scheme && left.port === right.port &&
    sameHost(left.host, right.host) &&
    sameComponent(left.user, right.user) && sameComponent(left.password, right.password) &&
    sameParameters(left.parameters, right.parameters) && sameHeaders(left.headers, right.headers);
}

function sameOther(left: AnyUri, right: AnyUri): boolean {
  return left.kind === "other" && right.kind === "other" && left.scheme === right.scheme &&
    left.opaque === right.opaque;
}

function sameComponent(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left === right || canonicalEscapes(left) === canonicalEscapes(right);
}

function sameParameters(left: readonly UriParameter[], right: readonly UriParameter[]): boolean {
  if (left.length === 0 && right.length === 0) return true;
  const leftValues = parameterTable(left);
  const rightValues = parameterTable(right);
  for (const [name, value] of leftValues) {
    const other = rightValues.get(name);
    if (other === undefined ? NEVER_IGNORED.has(name) : other !== value) return false;
  }
  for (const name of rightValues.keys()) {
    if (NEVER_IGNORED.has(name) && !leftValues.has(name)) return false;
  }
  return true;
}

/** Names and values in canonical lower case; a parameter without value differs from an empty one. */
function parameterTable(parameters: readonly UriParameter[]): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const { name, value } of parameters) {
    const key = canonicalEscapes(name).toLowerCase();
    const text = value === undefined ? "" : `=${canonicalEscapes(value).toLowerCase()}`;
    if (!table.has(key)) table.set(key, text);
  }
  return table;
}

function sameHeaders(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return headerTable(left) === headerTable(right);
}

/** Header components count in any order, names in any case. */
function headerTable(headers: string): string {
  const entries = headers.split("&").map((entry) => {
    const equals = entry.indexOf("=");
    const name = equals < 0 ? entry : entry.slice(0, equals);
    const value = equals < 0 ? "" : entry.slice(equals);
    return canonicalEscapes(name).toLowerCase() + canonicalEscapes(value);
  });
  return entries.sort().join("&");
}

/** How ports count in {@linkcode sameAddressOfRecord}: a missing one as the default, as written, or not at all. */
export type PortRule = "default" | "written" | "ignore";

/**
 * Tells whether two URIs name one address of record: scheme, user, host, and port by a rule; parameters never count.
 *
 * @param left one URI
 * @param right the other
 * @param options `ports`: how ports count; `default` when left out, as in {@linkcode addressOfRecordKey}
 * @returns true when both mean the same user at the same domain
 */
export function sameAddressOfRecord(
  left: AnyUri,
  right: AnyUri,
  options: { readonly ports?: PortRule } = {},
): boolean {
  if (left.kind !== "sip" || right.kind !== "sip") return sameOther(left, right);
  return left.scheme === right.scheme && sameHost(left.host, right.host) &&
    sameComponent(left.user, right.user) && samePorts([left, right], options.ports ?? "default");
}

function samePorts([left, right]: readonly [SipUri, SipUri], rule: PortRule): boolean {
  if (rule === "ignore" || left.port === right.port) return true;
  return rule === "default" && nonDefaultPort(left) === nonDefaultPort(right);
}

function nonDefaultPort(uri: SipUri): number | undefined {
  return uri.port === (uri.scheme === "sips" ? 5061 : 5060) ? undefined : uri.port;
}

/**
 * Gives one text for all spellings of an address of record, for use as a map key.
 *
 * Escapes are canonical, so the text is safe to print; it is no URI and must not be sent.
 *
 * @param uri a URI
 * @returns `user@host` or `host`, with `:port` unless it is the default; other schemes `scheme:opaque`
 */
export function addressOfRecordKey(uri: SipUri | OtherUri): string {
  if (uri.kind === "other") return `${uri.scheme}:${uri.opaque}`;
  const port = nonDefaultPort(uri);
  const host = canonicalHost(uri.host);
  const hostPort = port === undefined ? host : `${host}:${port}`;
  return uri.user === undefined ? hostPort : `${canonicalEscapes(uri.user)}@${hostPort}`;
}

/**
 * Tells whether two URIs point at the same host and port; a missing port is the scheme's default.
 *
 * @param left one SIP URI
 * @param right the other
 * @returns true when they do; names are not looked up
 */
export function compareHostPort(left: SipUri, right: SipUri): boolean {
  return sameHost(left.host, right.host) && nonDefaultPort(left) === nonDefaultPort(right);
}

/**
 * Tells whether two URIs name the same user at the same host; scheme, port and parameters do not count.
 *
 * @param left one SIP URI
 * @param right the other
 * @returns true when user part (by case, escapes resolved) and host are the same
 */
export function compareUserHost(left: SipUri, right: SipUri): boolean {
  return sameHost(left.host, right.host) && sameComponent(left.user, right.user);
}

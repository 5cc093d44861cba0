import { err, ok, type Result } from "../base/result.ts";
import { parseIpAddress } from "../base/ip_address.ts";
import { excerpt } from "./excerpt.ts";
import { parseDigits } from "./scan.ts";

/** Where a URI or a Via points: a host as written, IPv6 in brackets, and the port when there is one. */
export interface HostPort {
  readonly host: string;
  /** 1 … 65535; undefined when not written. */
  readonly port: number | undefined;
}

/**
 * Parses `host[:port]` (RFC 3261 §25.1 hostport).
 *
 * Host names may hold an underscore, which local networks use; IPv6 needs brackets and must be a valid address.
 *
 * @param text without blanks
 * @returns host as written and port
 * @example Bracketed IPv6
 * ```ts
 * import { parseHostPort } from "./host_port.ts";
 * const parsed = parseHostPort("[2001:db8::1]:5070");
 * if (!parsed.ok || parsed.value.port !== 5070) throw new Error("unexpected");
 * ```
 */
export function parseHostPort(text: string): Result<HostPort> {
  const hostEnd = text.charCodeAt(0) === 0x5b ? text.indexOf("]") + 1 : hostNameEnd(text);
  if (hostEnd === 0) return err(`Cannot parse host ${excerpt(text)}: no host name or address`);
  const host = text.slice(0, hostEnd);
  if (host.charCodeAt(0) === 0x5b && parseIpAddress(host) === undefined) {
    return err(`Cannot parse host ${excerpt(host)}: no IPv6 address`);
  }
  if (hostEnd === text.length) return ok({ host, port: undefined });
  if (text.charCodeAt(hostEnd) !== 0x3a) {
    return err(`Cannot parse host ${excerpt(text)}: unexpected character at offset ${hostEnd}`);
  }
  const port = parsePort(text.slice(hostEnd + 1));
  return port === undefined
    ? err(`Cannot parse port ${excerpt(text.slice(hostEnd + 1))}: not 1 … 65535`)
    : ok({ host, port });
}

function hostNameEnd(text: string): number {
  let at = 0;
  while (at < text.length && isHostCode(text.charCodeAt(at))) at++;
  return at;
}

function isHostCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) || code === 0x2e || code === 0x2d || code === 0x5f;
}

/**
 * Parses a port number.
 *
 * @param text digits, leading zeros allowed
 * @returns 1 … 65535, or undefined
 */
export function parsePort(text: string): number | undefined {
  const port = parseDigits(text);
  return port !== undefined && port >= 1 && port <= 65535 ? port : undefined;
}

/**
 * Writes `host[:port]`.
 *
 * @param hostPort host with brackets if IPv6, and port
 * @returns the text
 */
export function formatHostPort(hostPort: HostPort): string {
  return hostPort.port === undefined ? hostPort.host : `${hostPort.host}:${hostPort.port}`;
}

/**
 * Compares two hosts: names in any case, IPv6 by value (RFC 5954 §4.1), never by looking names up.
 *
 * @param left a host as written
 * @param right another
 * @returns true when they are the same text or the same IPv6 address
 */
export function sameHost(left: string, right: string): boolean {
  return left === right || canonicalHost(left) === canonicalHost(right);
}

/**
 * Gives the form of a host under which it is compared and looked up.
 *
 * @param host a host as written
 * @returns lower case; IPv6 in RFC 5952 form in brackets
 */
export function canonicalHost(host: string): string {
  if (host.charCodeAt(0) !== 0x5b) return host.toLowerCase();
  const address = parseIpAddress(host);
  return address === undefined ? host.toLowerCase() : `[${address}]`;
}

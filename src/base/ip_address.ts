import { brandIpAddress, type IpAddress } from "./brand.ts";

export type { IpAddress } from "./brand.ts";

/** Longest text that can be an address: eight groups of four digits, seven colons, two brackets, a dotted tail. */
const MAX_ADDRESS_LENGTH_CHARS = 47;

/**
 * Parses an IPv4 or IPv6 literal strictly: no leading zeros, no zone, brackets allowed around IPv6 only.
 *
 * @param text what stood on the wire or in a file
 * @returns the canonical text (RFC 5952, IPv4-mapped folded to IPv4), or undefined when it is no literal
 * @example Fold a mapped address
 * ```ts
 * import { parseIpAddress } from "./ip_address.ts";
 * if (parseIpAddress("::ffff:10.0.0.1") !== parseIpAddress("10.0.0.1")) throw new Error("unexpected");
 * ```
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length < 2 || text.length > MAX_ADDRESS_LENGTH_CHARS) return undefined;
  const first = text.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39 && text.indexOf(":") < 0) {
    return ipv4Number(text) === undefined ? undefined : brandIpAddress(text);
  }
  const bare = first === 0x5b && text.endsWith("]") ? text.slice(1, -1) : text;
  const groups = ipv6Groups(bare);
  return groups === undefined ? undefined : canonicalIpv6(groups);
}

/**
 * Reads a dotted quad as a 32-bit number.
 *
 * @param text a candidate dotted quad
 * @returns 0 … 4294967295, or undefined when it is none
 */
export function ipv4Number(text: string): number | undefined {
  let value = 0, octet = -1, dots = 0, digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2e) {
      if (octet < 0 || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = -1;
      digits = 0;
      continue;
    }
    if (code < 0x30 || code > 0x39 || (digits > 0 && octet === 0) || ++digits > 3) return undefined;
    octet = (octet < 0 ? 0 : octet * 10) + code - 0x30;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined;
}

/**
 * Reads an IPv6 text as eight 16-bit groups.
 *
 * @param text without brackets; a dotted tail is allowed, a zone is not
 * @returns eight numbers, or undefined when it is no IPv6 literal
 */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || text.indexOf(":") < 0) return undefined;
  const head = groupList(halves[0] ?? "", halves.length === 1 ? "last" : "inner");
  const tail = halves.length === 2 ? groupList(withoutThirdColon(halves[1] ?? ""), "last") : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** `2001:db8:::192.0.2.1` is right by the grammar of RFC 3261, by mistake; RFC 5118 §4.10 wants it understood. */
function withoutThirdColon(tail: string): string {
  return tail.charCodeAt(0) === 0x3a && ipv4Number(tail.slice(1)) !== undefined
    ? tail.slice(1)
    : tail;
}

function groupList(text: string, place: "inner" | "last"): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (place === "last" && index === parts.length - 1 && part.includes(".")) {
      const tail = ipv4Number(part);
      if (tail === undefined) return undefined;
      groups.push(Math.floor(tail / 65536), tail % 65536);
      continue;
    }
    if (part.length < 1 || part.length > 4) return undefined;
    for (let at = 0; at < part.length; at++) if (!isHexDigit(part.charCodeAt(at))) return undefined;
    groups.push(parseInt(part, 16));
  }
  return groups.length > 8 ? undefined : groups;
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) ||
    (code >= 0x61 && code <= 0x66);
}

function canonicalIpv6(groups: readonly number[]): IpAddress {
  const zeroHead = groups.slice(0, 5).every((group) => group === 0);
  if (zeroHead && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return brandIpAddress(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
  }
  const [start, length] = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return brandIpAddress(hex.join(":"));
  return brandIpAddress(`${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`);
}

function longestZeroRun(groups: readonly number[]): readonly [number, number] {
  let bestStart = 0, bestLength = 0, length = 0;
  for (let index = 0; index < groups.length; index++) {
    length = groups[index] === 0 ? length + 1 : 0;
    if (length > bestLength) {
      bestLength = length;
      bestStart = index - length + 1;
    }
  }
  return [bestStart, bestLength];
}

/** Version of the Internet protocol that an address belongs to. */
export type IpFamily = 4 | 6;

/**
 * Tells the family of an address.
 *
 * @param address a parsed address
 * @returns 4 or 6
 */
export function ipFamily(address: IpAddress): IpFamily {
  return address.includes(":") ? 6 : 4;
}

/**
 * Writes an address as the host part of a URI, a Via or a `host:port` text (RFC 3261 §25.1 IPv6reference).
 *
 * @param address a parsed address
 * @returns the text, IPv6 in brackets
 */
export function hostText(address: IpAddress): string {
  return address.includes(":") ? `[${address}]` : address;
}

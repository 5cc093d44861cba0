import { type IpAddress, ipv4Number, ipv6Groups, parseIpAddress } from "./ip_address.ts";

/** An address block such as 10.0.0.0/8: the first `prefixBits` bits of `groups` count (16-bit groups, 2 or 8 of them). */
export interface IpNetwork {
  readonly groups: readonly number[];
  readonly prefixBits: number;
}

/** What an address is for, by the IANA special-purpose registries (RFC 6890) as far as a proxy must know. */
export type AddressScope =
  | "unspecified"
  | "loopback"
  | "link-local"
  | "multicast"
  | "broadcast"
  | "private"
  | "global";

/**
 * Builds an address block.
 *
 * @param address any address of the block
 * @param prefixBits 0 … 32 for IPv4, 0 … 128 for IPv6
 * @returns the block, or undefined when the prefix is out of range
 */
export function makeIpNetwork(address: IpAddress, prefixBits: number): IpNetwork | undefined {
  const groups = addressGroups(address);
  if (!Number.isInteger(prefixBits) || prefixBits < 0 || prefixBits > groups.length * 16) {
    return undefined;
  }
  return { groups, prefixBits };
}

/**
 * Parses `address/bits`; both parts strict.
 *
 * @param text such as `10.0.0.0/8`
 * @returns the block, or undefined when the text is none
 */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseIpAddress(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (address === undefined || bits.length < 1 || bits.length > 3) return undefined;
  for (const digit of bits) if (digit < "0" || digit > "9") return undefined;
  return makeIpNetwork(address, Number(bits));
}

/**
 * Tells whether an address lies in a block; families never match each other.
 *
 * @param network the block
 * @param address the address asked for
 * @returns true when its first bits are those of the block
 */
export function networkContains(network: IpNetwork, address: IpAddress): boolean {
  const groups = addressGroups(address);
  if (groups.length !== network.groups.length) return false;
  let bits = network.prefixBits;
  for (let index = 0; bits > 0; index++, bits -= 16) {
    const mask = bits >= 16 ? 0xffff : (0xffff << (16 - bits)) & 0xffff;
    if (((groups[index] ?? 0) & mask) !== ((network.groups[index] ?? 0) & mask)) return false;
  }
  return true;
}

function addressGroups(address: IpAddress): readonly number[] {
  const number = ipv4Number(address);
  if (number !== undefined) return [Math.floor(number / 65536), number % 65536];
  return ipv6Groups(address) ?? [];
}

/**
 * Classifies an address.
 *
 * @param address a parsed address
 * @returns its scope; shared CGN space 100.64/10 and IPv6 unique local count as private
 * @example A phone's address
 * ```ts
 * import { parseIpAddress } from "./ip_address.ts";
 * import { addressScope } from "./ip_network.ts";
 * const phone = parseIpAddress("10.0.0.10");
 * if (phone === undefined || addressScope(phone) !== "private") throw new Error("unexpected");
 * ```
 */
export function addressScope(address: IpAddress): AddressScope {
  const number = ipv4Number(address);
  return number === undefined ? ipv6Scope(ipv6Groups(address) ?? []) : ipv4Scope(number);
}

function ipv4Scope(number: number): AddressScope {
  const first = Math.floor(number / 16777216);
  const firstTwo = Math.floor(number / 65536);
  if (first === 0) return "unspecified";
  if (first === 127) return "loopback";
  if (firstTwo === 0xa9fe) return "link-local";
  if (number === 4294967295) return "broadcast";
  if (first >= 224 && first < 240) return "multicast";
  if (first >= 240) return "broadcast";
  if (first === 10 || firstTwo === 0xc0a8) return "private";
  if (firstTwo >= 0xac10 && firstTwo <= 0xac1f) return "private";
  return firstTwo >= 0x6440 && firstTwo <= 0x647f ? "private" : "global";
}

function ipv6Scope(groups: readonly number[]): AddressScope {
  const first = groups[0] ?? 0;
  if (groups.slice(0, 7).every((group) => group === 0)) {
    if (groups[7] === 0) return "unspecified";
    if (groups[7] === 1) return "loopback";
  }
  if (first >= 0xff00) return "multicast";
  if (first >= 0xfe80 && first <= 0xfebf) return "link-local";
  return first >= 0xfc00 && first <= 0xfdff ? "private" : "global";
}

import { parseIpAddress } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";

/** Ends of names that exist in homes and offices alone (RFC 6762 §3, RFC 8375, RFC 6761 and makers of routers). */
const PRIVATE_ENDS: readonly string[] = [
  ".local",
  ".lan",
  ".home",
  ".home.arpa",
  ".internal",
  ".intranet",
  ".localdomain",
  ".fritz.box",
];

/** Longest host that is looked at: the longest domain name (RFC 1035 §2.3.4). */
const MAX_HOST_LENGTH_CHARS = 253;

/**
 * Tells whether a host says something about the inside of a network.
 *
 * @param host a name, an IPv4 address or an IPv6 address with or without brackets
 * @returns true for an address that is not global, for a name without a dot and for names of private ends
 */
export function isPrivateHost(host: string): boolean {
  if (host === "" || host.length > MAX_HOST_LENGTH_CHARS) return false;
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const address = parseIpAddress(bare);
  if (address !== undefined) return addressScope(address) !== "global";
  const name = host.toLowerCase();
  if (!isName(name)) return false;
  return !name.includes(".") || PRIVATE_ENDS.some((end) => `.${name}`.endsWith(end));
}

function isName(text: string): boolean {
  for (const character of text) {
    const isKnown = (character >= "a" && character <= "z") || character === "-" ||
      character === "." || character === "_" || (character >= "0" && character <= "9");
    if (!isKnown) return false;
  }
  return true;
}

import { ipFamily, parseIpAddress } from "../base/ip_address.ts";
import type { AccessEntry } from "./config.ts";
import { quote } from "./issues.ts";
import { whyNoHostName } from "./read_host.ts";
import type { Reading, Remark } from "./reading.ts";

/** Most entries of one list: each message is compared with all of them. */
const MAX_ACCESS_ENTRIES = 256;

/** Highest prefix length of an IPv4 address, and of a host name that resolves to one. */
const IPV4_BITS = 32;

/** Highest prefix length of an IPv6 address. */
const IPV6_BITS = 128;

/** Bits in front of the IPv4 address in an IPv4-mapped one (RFC 4291 §2.5.5.2). */
const MAPPED_BITS = 96;

/**
 * Reads an access list, `host/bits` joined by commas.
 *
 * Stricter than siproxd, where a wrong prefix length matched every address: an entry that is not
 * exactly right refuses the list, because a half list either locks out or lets in the wrong people.
 *
 * @param text such as `192.168.1.0/24,10.0.0.0/8`; blanks around the commas are allowed
 * @returns all entries, or a remark at each wrong one
 */
export function readAccessList(text: string): Reading<readonly AccessEntry[]> {
  const entries: AccessEntry[] = [];
  const remarks: Remark[] = [];
  const parts = text.split(",");
  if (parts.length > MAX_ACCESS_ENTRIES) {
    const message = `Cannot use list: more than ${MAX_ACCESS_ENTRIES} entries`;
    return { value: undefined, remarks: [{ severity: "error", message, offset: 0 }] };
  }
  let offset = 0;
  for (const part of parts) {
    const item = part.trim();
    const outcome = readEntry(item);
    const start = offset + part.length - part.trimStart().length;
    if (typeof outcome === "string") {
      remarks.push({ severity: "error", message: outcome, offset: start });
    } else {
      entries.push(outcome);
    }
    offset += part.length + 1;
  }
  return { value: remarks.length === 0 ? entries : undefined, remarks };
}

function readEntry(item: string): AccessEntry | string {
  if (item === "") return "Cannot use entry: nothing between two commas";
  const slash = item.indexOf("/");
  if (slash < 0) return `Cannot use entry ${quote(item)}: no /bits, a single host is ${item}/32`;
  const host = item.slice(0, slash);
  const bitsText = item.slice(slash + 1);
  const address = parseIpAddress(host);
  const why = address === undefined ? whyNoHostName(host) : undefined;
  if (why !== undefined) return `Cannot use host ${quote(host)}: ${why}`;
  const isMapped = host.includes(":") && address !== undefined && ipFamily(address) === 4;
  const lowest = isMapped ? MAPPED_BITS : 0;
  const highest = host.includes(":") && address !== undefined ? IPV6_BITS : IPV4_BITS;
  const written = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : -1;
  if (written < lowest || written > highest) {
    return `Cannot use bits ${quote(bitsText)}: ${lowest}…${highest} is expected`;
  }
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8: addresses are compared folded.
  const bits = written - lowest;
  return address === undefined
    ? { kind: "name", host, bits }
    : { kind: "address", host: address, bits };
}

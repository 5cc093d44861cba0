import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { canonicalHost } from "./host_name.ts";

/** Names kept of a hosts file: block lists that people put there have far more, and are no SIP peers. */
const MAX_HOSTS_NAMES = 4096;

/** Addresses kept for one name. */
const MAX_ADDRESSES_PER_NAME = 8;

/** Addresses by lower-case name. */
export type HostsTable = ReadonlyMap<string, readonly IpAddress[]>;

/**
 * Reads the text of /etc/hosts (hosts(5)); `localhost` is known even when no line names it (RFC 6761 §6.3).
 *
 * @param text the whole file; lines that hold no valid address are passed over, as every other reader does
 * @returns the addresses of each name, in the order of the file
 */
export function parseHostsFile(text: string): HostsTable {
  const table = new Map<string, IpAddress[]>();
  for (const line of text.split("\n")) {
    const [addressText, ...names] = (line.split("#", 1)[0] ?? "").trim().split(/\s+/);
    const address = parseIpAddress(addressText ?? "");
    if (address === undefined) continue;
    for (const name of names) addName(table, { name, address });
  }
  if (!table.has("localhost")) addName(table, { name: "localhost", address: LOOPBACK });
  return table;
}

const LOOPBACK = "127.0.0.1";

function addName(
  table: Map<string, IpAddress[]>,
  entry: { readonly name: string; readonly address: string },
): void {
  const name = canonicalHost(entry.name);
  const address = parseIpAddress(entry.address);
  if (name === undefined || address === undefined) return;
  const addresses = table.get(name);
  if (addresses === undefined) {
    if (table.size < MAX_HOSTS_NAMES || name === "localhost") table.set(name, [address]);
    return;
  }
  if (addresses.length < MAX_ADDRESSES_PER_NAME && !addresses.includes(address)) {
    addresses.push(address);
  }
}

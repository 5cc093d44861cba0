import { ipFamily, parseIpAddress } from "../base/ip_address.ts";
import type { HostPort } from "./config.ts";
import { quote } from "./issues.ts";
import { readInteger } from "./read_integer.ts";
import { type Reading, reads, refuses } from "./reading.ts";

/** Longest host name (RFC 1035 §2.3.4, without the root dot). */
const MAX_NAME_LENGTH_CHARS = 253;

/** Longest label of a host name (RFC 1035 §2.3.4). */
const MAX_LABEL_LENGTH_CHARS = 63;

/** Longest interface name: Linux takes 15; aliases and other systems somewhat more. */
const MAX_INTERFACE_LENGTH_CHARS = 31;

/**
 * Reads a host: an address in its canonical text, or a host name as written.
 *
 * @param text the trimmed value
 * @returns the host
 */
export function readHost(text: string): Reading<string> {
  const address = parseIpAddress(text);
  if (address !== undefined) return reads(address);
  const why = whyNoHostName(text);
  return why === undefined ? reads(text) : refuses(`Cannot use host ${quote(text)}: ${why}`);
}

/**
 * Reads an address literal.
 *
 * @param text the trimmed value
 * @returns its canonical text
 */
export function readAddress(text: string): Reading<string> {
  const address = parseIpAddress(text);
  if (address !== undefined) return reads(address);
  return refuses(`Cannot use address ${quote(text)}: neither IPv4 nor IPv6`);
}

/**
 * Reads the name of an interface or the addresses that one has; whether it exists is seen at run time.
 *
 * @param text the trimmed value
 * @returns the name, the address in its canonical text, or an IPv4 and an IPv6 address with a comma between
 */
export function readInterface(text: string): Reading<string> {
  const address = parseIpAddress(text);
  if (address !== undefined) return reads(address);
  if (text.includes(",") && text.includes(":")) return readAddressPair(text);
  if (text.length > MAX_INTERFACE_LENGTH_CHARS) {
    return refuses(
      `Cannot use interface ${quote(text)}: longer than ${MAX_INTERFACE_LENGTH_CHARS} characters`,
    );
  }
  if (/[\s/,;"]/.test(text)) {
    return refuses(`Cannot use interface ${quote(text)}: one name or address is expected`);
  }
  return reads(text);
}

/** A side has one address of each family at most. */
function readAddressPair(text: string): Reading<string> {
  const addresses = text.split(",").map((part) => parseIpAddress(part.trim()));
  const ipv4 = addresses.find((address) => address !== undefined && ipFamily(address) === 4);
  const ipv6 = addresses.find((address) => address !== undefined && ipFamily(address) === 6);
  if (addresses.length !== 2 || ipv4 === undefined || ipv6 === undefined) {
    return refuses(
      `Cannot use interface ${quote(text)}: an IPv4 and an IPv6 address are expected`,
    );
  }
  return reads(`${ipv4},${ipv6}`);
}

/**
 * Reads a host with its port.
 *
 * @param text `host:port`, IPv6 in brackets
 * @param defaultHost the host of a port that stands alone; undefined: there has to be one
 * @returns both
 */
export function readHostPort(text: string, defaultHost?: string): Reading<HostPort> {
  if (defaultHost !== undefined && /^:?\d+$/.test(text)) {
    return readHostPort(`${defaultHost}:${text.replace(":", "")}`);
  }
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0));
  if (colon <= 0 || (host.includes(":") && !host.startsWith("["))) {
    return refuses(`Cannot use ${quote(text)}: address:port is expected`);
  }
  const hostReading = readHost(host);
  if (hostReading.value === undefined) return { value: undefined, remarks: hostReading.remarks };
  const portReading = readInteger(text.slice(colon + 1), { min: 1, max: 65535, unit: "port" });
  if (portReading.value === undefined) {
    const moved = portReading.remarks.map((remark) => ({ ...remark, offset: colon + 1 }));
    return { value: undefined, remarks: moved };
  }
  return {
    value: { host: hostReading.value, port: portReading.value },
    remarks: portReading.remarks,
  };
}

/**
 * Says what keeps a text from being a host name.
 *
 * @param text what was written
 * @returns the reason, or undefined when it is one
 */
export function whyNoHostName(text: string): string | undefined {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name === "") return "it is empty";
  if (name.length > MAX_NAME_LENGTH_CHARS) {
    return `longer than ${MAX_NAME_LENGTH_CHARS} characters`;
  }
  if (/^[\d.]+$/.test(name)) return "not a valid IPv4 address";
  if (name.includes(":")) {
    return "neither an IPv6 address nor a host name (a port stands elsewhere)";
  }
  for (const label of name.split(".")) {
    if (label === "") return "two dots in a row";
    if (label.length > MAX_LABEL_LENGTH_CHARS) return "a part is longer than 63 characters";
    if (!/^[A-Za-z0-9_-]+$/.test(label)) return "only letters, digits, - and _ may stand in a name";
    if (label.startsWith("-") || label.endsWith("-")) return "a part starts or ends with -";
  }
  return undefined;
}

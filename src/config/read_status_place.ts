import { parseIpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import type { StatusPlace } from "./config.ts";
import { quote } from "./issues.ts";
import { readHostPort } from "./read_host.ts";
import { type Reading, reads, refuses } from "./reading.ts";

/** Longest path of a unix socket on Linux: 108 bytes with the zero at the end (unix(7)). */
const MAX_SOCKET_PATH_LENGTH_BYTES = 107;

const utf8 = new TextEncoder();

/**
 * Reads the place where a running daemon can be asked for its status.
 *
 * Who can connect sees who telephones, so a TCP port is taken on loopback only (R28).
 *
 * @param text `none`, an absolute path, or a loopback address with a port
 * @returns the place
 */
export function readStatusPlace(text: string): Reading<StatusPlace> {
  if (text === "none") return reads({ kind: "none" });
  if (text.startsWith("/")) return readSocketPath(text);
  if (!/:\d+$/.test(text)) {
    return refuses(
      `Cannot use ${quote(text)}: an absolute path, a loopback address:port or none is expected`,
    );
  }
  const { value, remarks } = readHostPort(text);
  if (value === undefined) return { value, remarks };
  const address = parseIpAddress(value.host);
  if (address === undefined || addressScope(address) !== "loopback") {
    return refuses(`Cannot use ${quote(text)}: the status tells who telephones, only loopback may`);
  }
  return { value: { kind: "tcp", ...value }, remarks };
}

function readSocketPath(path: string): Reading<StatusPlace> {
  if (utf8.encode(path).length <= MAX_SOCKET_PATH_LENGTH_BYTES) {
    return reads({ kind: "path", path });
  }
  return refuses(
    `Cannot use path ${quote(path)}: a socket takes ${MAX_SOCKET_PATH_LENGTH_BYTES} bytes`,
  );
}

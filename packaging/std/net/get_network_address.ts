/**
 * This machine's own address in its network.
 *
 * @module
 */

/**
 * Gets the first address of the family that is not loopback; needs `--allow-sys=networkInterfaces`.
 *
 * @example Use
 * ```ts
 * import { getNetworkAddress } from "@std/net/get-network-address";
 * import { notEqual } from "node:assert/strict";
 * notEqual(getNetworkAddress(), "127.0.0.1");
 * ```
 */
export function getNetworkAddress(
  family: Deno.NetworkInterfaceInfo["family"] = "IPv4",
): string | undefined {
  const loopback = family === "IPv4" ? /^127\./ : /^(?:::1|fe80::1)$/;
  return Deno.networkInterfaces()
    .find((entry) => entry.family === family && !loopback.test(entry.address))
    ?.address;
}

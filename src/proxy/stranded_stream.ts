import { sideAddresses } from "../base/side_addresses.ts";
import type { OwnAddresses } from "./env.ts";
import type { CallStream } from "./dialog_table.ts";

/**
 * Tells a stream whose ports are bound to an address that is no longer ours: the Internet line came back with another
 * one during the call, and nothing can reach those ports any more.
 *
 * A side without any address is down, and may come back with the one it had: its streams wait.
 *
 * @param stream the stream as it is relayed
 * @param own our addresses at this moment
 * @returns true when the next offer has to bring it other ports
 */
export function isStranded(
  stream: Pick<CallStream, "lanPair" | "wanPair">,
  own: OwnAddresses,
): boolean {
  return ([["lan", stream.lanPair], ["wan", stream.wanPair]] as const).some(([side, pair]) => {
    const addresses = sideAddresses(own, side);
    return addresses.length > 0 && !addresses.includes(pair.address);
  });
}

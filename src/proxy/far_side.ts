import type { IpAddress } from "../base/ip_address.ts";
import type { RequestContext } from "./context.ts";
import { isOwnAddress, networkSide } from "./own_address.ts";

/**
 * R23: tells whether a call's far end outside leads a phone's request to a host inside that is no phone, by what it wrote
 * into its Contact or Record-Route.
 *
 * A phone may call whom it likes; but where the requests inside a call go, the far end decides (RFC 3261 §12.2.1.1).
 *
 * @param address where the request would go
 * @param context its run
 * @returns true for a host that must not be reached
 */
export function isLedInside(address: IpAddress, context: RequestContext): boolean {
  const { checked, dialog, state, env } = context;
  if (checked.toTag === undefined || dialog?.farSide !== "wan") return false;
  if (isOwnAddress(address, env) || state.bindings.isPhone(address)) return false;
  return networkSide(address, env.own) === "lan";
}

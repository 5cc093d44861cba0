import { addressScope } from "../base/ip_network.ts";
import { isAmongOwn } from "../base/side_addresses.ts";
import { type RequestContext, sourceAddress } from "./context.ts";
import { isOwnAddress, isOwnHostPort, isOwnSocket } from "./own_address.ts";

/**
 * Tells a request that we sent ourselves a moment ago: a call between two phones of ours, now on its second pass.
 *
 * @param context the run
 * @returns true when it came from one of our sockets under our own Via
 */
export function cameBack(context: RequestContext): boolean {
  const { source, connectionId } = context.input;
  // A connection that we dialled to ourselves has a port of its own.
  const isOwn = connectionId === undefined
    ? isOwnSocket(source, context.env)
    : isOwnAddress(source.address, context.env);
  return isOwn && isOwnHostPort(context.checked.topmostVia, context.env);
}

/**
 * Tells a request of a program on this machine, such as a PBX, which counts as inbound.
 *
 * @param context the run
 * @returns true for a source of ours that is not ourselves
 */
export function isFromThisHost(context: RequestContext): boolean {
  const source = sourceAddress(context);
  return (isAmongOwn(context.env.own, source) || addressScope(source) === "loopback") &&
    !cameBack(context);
}

/**
 * Tells a caller on the phones' side that no registration stands for: such a one is refused, whoever he calls.
 *
 * @param context the run
 * @returns true when neither its address is a phone's nor the request our own
 */
export function isUnregisteredCaller(context: RequestContext): boolean {
  return context.side === "lan" && !context.state.bindings.isPhone(sourceAddress(context)) &&
    !cameBack(context) && !isFromThisHost(context);
}

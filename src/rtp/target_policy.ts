import { type IpAddress, ipFamily, ipv6Groups, parseIpAddress } from "../base/ip_address.ts";
import { addressScope, type IpNetwork, networkContains } from "../base/ip_network.ts";
import { isAmongOwn, type ShownAddresses } from "../base/side_addresses.ts";
import type { Side, SocketAddress } from "../base/socket_address.ts";
import { LOWEST_MEDIA_PORT } from "./relay_decision.ts";

/** What must be known to judge an announced media address. */
export interface TargetContext {
  /** Side of the party whose SDP names the target. */
  readonly side: Side;
  /** Address its SIP message came from. */
  readonly peer: IpAddress;
  readonly own: ShownAddresses & { readonly lanNetworks: readonly IpNetwork[] };
  /** Address that the ports of this leg are bound to; the side's first one when left out. */
  readonly bound?: IpAddress;
  /** Our own ports: rtp_port_low … rtp_port_high + 1, and the SIP port. */
  readonly ownPorts: {
    readonly mediaLow: number;
    readonly mediaHigh: number;
    readonly sip: number;
  };
  /** Whether a live binding's phone has this address. */
  readonly isRegisteredPhone: (address: IpAddress) => boolean;
}

/**
 * Judges an address that an SDP announced, before anything is ever sent to it (R23).
 *
 * The call is never refused for it: on `wait` the relay sends nothing until that party's first packet has come and
 * locks on its source; on `own-port` two legs may have met at our own ports and are joined inside.
 *
 * @param target announced address and port
 * @param context who announced it and who we are
 * @returns `send`, `wait` or `own-port`
 * @example Refuse a private address from the outside
 * ```ts
 * import { parseIpAddress } from "../base/ip_address.ts";
 * import { permitTarget } from "./target_policy.ts";
 * const peer = parseIpAddress("203.0.113.10");
 * const address = parseIpAddress("192.168.7.7");
 * if (peer === undefined || address === undefined) throw new Error("unexpected");
 * const verdict = permitTarget({ address, port: 4000 }, {
 *   side: "wan",
 *   peer,
 *   own: { lan: undefined, wan: undefined, advertised: undefined, lanNetworks: [] },
 *   ownPorts: { mediaLow: 7070, mediaHigh: 7090, sip: 5060 },
 *   isRegisteredPhone: () => false,
 * });
 * if (verdict !== "wait") throw new Error("unexpected");
 * ```
 */
export function permitTarget(
  target: SocketAddress,
  context: TargetContext,
): "send" | "wait" | "own-port" {
  const { address, port } = target;
  if (port < LOWEST_MEDIA_PORT) return "wait";
  if (isAmongOwn(context.own, address)) return judgeOwn(port, context);
  if (!fitsSocket(address, context)) return "wait";
  const embedded = embeddedIpv4(address);
  if (embedded !== undefined && !permitAddress(embedded, context)) return "wait";
  return permitAddress(address, context) ? "send" : "wait";
}

/** A PBX on this machine announces our own address: its SIP comes from here too, and its port is none of ours. */
function judgeOwn(port: number, context: TargetContext): "send" | "wait" | "own-port" {
  const { mediaLow, mediaHigh, sip } = context.ownPorts;
  if (port >= mediaLow && port <= mediaHigh) return "own-port";
  if (port === sip) return "wait";
  const sameMachine = isAmongOwn(context.own, context.peer) ||
    addressScope(context.peer) === "loopback";
  return sameMachine ? "send" : "wait";
}

/** A socket that is bound to IPv4 can't send to IPv6, nor the other way round. */
function fitsSocket(address: IpAddress, { side, own, ...leg }: TargetContext): boolean {
  const bound = leg.bound ?? (side === "lan" ? own.lan : own.wan);
  return bound === undefined || ipFamily(bound) === ipFamily(address);
}

function permitAddress(address: IpAddress, context: TargetContext): boolean {
  const scope = addressScope(address);
  switch (scope) {
    case "unspecified":
    case "link-local":
    case "multicast":
    case "broadcast":
      return false;
    case "loopback":
      return addressScope(context.peer) === "loopback";
    case "private":
      return !isForeignLan(address, context) && permitPrivate(context);
    case "global":
      return !isForeignLan(address, context);
  }
}

/** Behind if_inbound only registered phones are reached, whoever asks. */
function isForeignLan(address: IpAddress, context: TargetContext): boolean {
  const inLan = context.own.lanNetworks.some((network) => networkContains(network, address));
  return inLan && !context.isRegisteredPhone(address);
}

/** A private address from outside is of use only where the outside itself is private (laboratory, VPN, double NAT). */
function permitPrivate({ side, peer, own, ...leg }: TargetContext): boolean {
  if (side === "lan" || addressScope(peer) === "private") return true;
  const bound = leg.bound ?? own.wan;
  return bound !== undefined && addressScope(bound) === "private";
}

/** Finds the IPv4 address inside IPv4-compatible (::/96), NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses. */
function embeddedIpv4(address: IpAddress): IpAddress | undefined {
  if (ipFamily(address) === 4 || addressScope(address) === "loopback") return undefined;
  const groups = ipv6Groups(address) ?? [];
  if (groups[0] === 0x2002) return ipv4Of(groups[1], groups[2]);
  const zeroMiddle = groups.slice(2, 6).every((group) => group === 0);
  const compatible = groups[0] === 0 && groups[1] === 0;
  const nat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  return zeroMiddle && (compatible || nat64) ? ipv4Of(groups[6], groups[7]) : undefined;
}

function ipv4Of(high: number | undefined, low: number | undefined): IpAddress | undefined {
  if (high === undefined || low === undefined) return undefined;
  return parseIpAddress(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
}

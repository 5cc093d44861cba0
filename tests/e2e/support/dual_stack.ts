/**
 * The five namespaces with IPv6 beside IPv4 on both sides.
 *
 * It takes the topology that every suite uses and gives each host an address more. Called by the
 * suite that is about IPv6.
 *
 * @module
 */
import { createTopology, inNamespace, ROUTER_LAN, ROUTER_WAN, type Topology } from "./namespace.ts";

/** Unique local addresses inside (RFC 4193), documentation ones outside (RFC 3849). */
export const ADDRESSES6 = {
  lan1: "fd00:10::10",
  lan2: "fd00:10::11",
  rtrLan: "fd00:10::1",
  rtrWan: "2001:db8:113::1",
  wan: "2001:db8:113::10",
  wan2: "2001:db8:113::20",
} as const;

/** Builds the namespaces; the router forwards nothing in either family. */
export async function createDualStack(): Promise<Topology> {
  const topology = await createTopology("proxy");
  const { lan1, lan2, rtr, wan, wan2 } = topology;
  const interfaces = [
    [lan1, "eth0", ADDRESSES6.lan1],
    [lan2, "eth0", ADDRESSES6.lan2],
    [rtr, ROUTER_LAN, ADDRESSES6.rtrLan],
    [rtr, ROUTER_WAN, ADDRESSES6.rtrWan],
    [wan, "br0", ADDRESSES6.wan],
    [wan2, "eth0", ADDRESSES6.wan2],
  ] as const;
  for (const [namespace, device, address] of interfaces) {
    // Nobody else has these addresses: they need not be tried out for a second first.
    await inNamespace(namespace, `-6 addr add ${address}/64 dev ${device} nodad`);
  }
  return topology;
}

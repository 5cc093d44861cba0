import { type SocketAddress, socketAddressText } from "../../base/socket_address.ts";
import type { BindingTable } from "../../registrar/binding_table.ts";

/**
 * Tells the connections that live registrations need: that of the phone, over which it is reached, and that of its
 * registrar, over which its calls come in. They outlive `tcp_timeout`.
 *
 * @param bindings all registrations
 * @returns a test that holds as long as the registrations stay as they are
 */
export function keptPeers(bindings: BindingTable): (peer: SocketAddress) => boolean {
  const kept = new Set<string>();
  for (const binding of bindings.all()) {
    if (bindings.isExpired(binding)) continue;
    if (binding.transport === "tcp") kept.add(socketAddressText(binding.source));
    if (binding.registrar !== undefined) kept.add(socketAddressText(binding.registrar));
  }
  return (peer) => kept.has(socketAddressText(peer));
}

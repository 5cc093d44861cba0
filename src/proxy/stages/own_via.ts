import { hostText } from "../../base/ip_address.ts";
import { shownAddress } from "../../base/side_addresses.ts";
import { prependHeader } from "../../sip/headers.ts";
import type { RequestContext } from "../context.ts";
import { branchOf } from "../own_branch.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.6 step 8: puts our own Via on top; its address is the one that the next hop can answer to,
 * so of the hop's own family.
 *
 * @param context the run
 * @returns next
 */
export function addOwnVia(context: RequestContext): Verdict {
  const { env, config, hop, direction } = context;
  if (hop === undefined || direction === undefined) return drop("no-address");
  const side = direction === "incoming" ? "lan" : "wan";
  // Without an address of the family, as towards a PBX on loopback, the answer finds us by its source.
  const address = shownAddress(env.own, { side, peer: hop.peer.address }) ??
    (side === "lan" ? env.own.lan : env.own.advertised);
  if (address === undefined) return drop("no-address");
  const asksRport = direction === "incoming" ? config.sip.useRport.lan : config.sip.useRport.wan;
  const place = `${hostText(address)}:${config.sip.listenPort}`;
  const rport = asksRport ? ";rport" : "";
  const via = `SIP/2.0/${hop.transport.toUpperCase()} ${place};branch=${branchOf(context)}${rport}`;
  context.message = prependHeader(context.message, "Via", via);
  return NEXT;
}

import { addressScope } from "../../base/ip_network.ts";
import { ipFamily, parseIpAddress } from "../../base/ip_address.ts";
import { sideAddress } from "../../base/side_addresses.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { listValues } from "../../sip/headers.ts";
import { parseVia, type Via } from "../../sip/via.ts";
import { type ResponseContext, sourceAddress } from "../context.ts";
import type { Hop } from "../hop.ts";
import { DEFAULT_SIP_PORT } from "../own_address.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §18.2.2, RFC 3581 §4: a response goes where the Via below ours says, and nowhere else; never to a multicast,
 * broadcast or unspecified address, and to loopback only from there (R22).
 *
 * @param context the run
 * @returns need for a sent-by name not looked up yet, drop for a bad target, else next
 */
export function routeResponse(context: ResponseContext): Verdict {
  if (
    context.direction === "incoming"
      ? context.env.own.lan === undefined
      : context.env.own.wan === undefined
  ) {
    return drop("interface-down");
  }
  const via = parseVia(listValues(context.message, "via")[0] ?? "");
  if (!via.ok) return drop("no-second-via");
  const port = typeof via.value.rport === "number" ? via.value.rport : via.value.port;
  const place = locate(via.value, { context, port: port ?? DEFAULT_SIP_PORT });
  if ("kind" in place) return place;
  if (!isPermitted(place, context)) return drop("bad-response-target");
  const side = context.direction === "incoming" ? "lan" : "wan";
  context.hop = via.value.transport.toUpperCase() === "TCP"
    ? { side, transport: "tcp", ...streamPlace(via.value, { context, place }) }
    : { side, transport: "udp", peer: place, connectionId: undefined };
  return NEXT;
}

/** RFC 3261 §18.2.2: the request's own connection, or, when it is closed, a new one to the sent-by port. */
function streamPlace(
  via: Via,
  job: { readonly context: ResponseContext; readonly place: SocketAddress },
): Pick<Hop, "peer" | "connectionId"> {
  const { env } = job.context;
  const connectionId = env.connectionTo(job.place);
  if (connectionId !== undefined) return { peer: job.place, connectionId };
  const peer = { address: job.place.address, port: via.port ?? DEFAULT_SIP_PORT };
  return { peer, connectionId: env.connectionTo(peer) };
}

function locate(
  via: Via,
  job: { readonly context: ResponseContext; readonly port: number },
): SocketAddress | Verdict {
  const { context, port } = job;
  const literal = parseIpAddress(via.received ?? via.host);
  if (literal !== undefined) return { address: literal, port };
  const query = { host: via.host, port, transport: undefined, method: "address" } as const;
  const answer = context.env.lookUp(query);
  if (answer.kind === "unknown") return { kind: "need", need: { kind: "host", query } };
  if (answer.kind !== "targets") return drop("unresolvable-via");
  const side = context.direction === "incoming" ? "lan" : "wan";
  const reachable = answer.targets.find(({ peer: { address } }) =>
    sideAddress(context.env.own, { side, family: ipFamily(address) }) !== undefined
  );
  return (reachable ?? answer.targets[0]).peer;
}

function isPermitted(place: SocketAddress, context: ResponseContext): boolean {
  const scope = addressScope(place.address);
  if (scope === "loopback") {
    return context.state.bindings.isPhone(place.address) || context.trust === "verified" ||
      addressScope(sourceAddress(context)) === "loopback";
  }
  return scope === "global" || scope === "private" || scope === "link-local";
}

import { type IpAddress, ipFamily } from "../../base/ip_address.ts";
import { addressScope } from "../../base/ip_network.ts";
import { sideAddress } from "../../base/side_addresses.ts";
import type { SocketAddress, Transport } from "../../base/socket_address.ts";
import type { ConfiguredHop } from "../../config/config.ts";
import type { HostQuery, RouteTarget } from "../../dns/host_query.ts";
import { preferTarget } from "../../dns/prefer_target.ts";
import { listValues, withRequestUri } from "../../sip/headers.ts";
import { parseNameAddr } from "../../sip/name_addr.ts";
import { parseUri, type SipUri, uriParameter } from "../../sip/uri.ts";
import { type RequestContext, sourceAddress } from "../context.ts";
import { isLedInside } from "../far_side.ts";
import { withPhoneRoutes } from "../phone_routes.ts";
import { refuse } from "../reply.ts";
import { asksOtherTransport } from "../secure_transport.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.6 step 7: an incoming request goes to its phone; an outgoing one to its first Route, to the outbound proxy
 * of the caller's domain, or to where the Request-URI points (RFC 3263).
 *
 * @param context the run
 * @returns need for a name not looked up yet, 504 for one that cannot be found, else next
 */
export function locateNextHop(context: RequestContext): Verdict {
  if (context.direction === "incoming") {
    routeToPhone(context);
    return NEXT;
  }
  if (context.hop !== undefined) return checkReachable(context);
  if (isRouteSecure(context)) return refuse(context, { statusCode: 503, compatCode: 503 });
  const query = outgoingQuery(context);
  const answer = query === undefined ? undefined : context.env.lookUp(query);
  if (query !== undefined && answer?.kind === "unknown") {
    return { kind: "need", need: { kind: "host", query } };
  }
  const target = answer?.kind === "targets" ? chooseTarget(answer.targets, context) : undefined;
  if (target === undefined) return refuse(context, { statusCode: 504, compatCode: 408 });
  const transport = chooseTransport(target, context);
  const connectionId = transport === "tcp" ? context.env.connectionTo(target.peer) : undefined;
  context.hop = { side: "wan", transport, peer: target.peer, connectionId };
  return checkReachable(context);
}

/** A Route that asks for TLS or the like is not followed over something weaker. */
function isRouteSecure({ message }: RequestContext): boolean {
  const route = listValues(message, "route")[0];
  const nameAddr = route === undefined ? undefined : parseNameAddr(route);
  const uri = nameAddr?.ok ? nameAddr.value.uri : undefined;
  return uri?.kind === "sip" && (uri.scheme === "sips" || asksOtherTransport(uri));
}

/** A request that the system could not send is not swallowed: its repetition is answered (row 74, link down). */
function checkReachable(context: RequestContext): Verdict {
  const isLost = context.hop !== undefined && context.env.isUnreachable(context.hop.peer);
  return isLost ? refuse(context, { statusCode: 503, compatCode: 408 }) : NEXT;
}

/** The server that took the phone's REGISTER comes first while it answers; one that cannot be sent to comes last. */
function chooseTarget(
  targets: readonly [RouteTarget, ...RouteTarget[]],
  context: RequestContext,
): RouteTarget | undefined {
  const { env } = context;
  const peer = context.binding?.registrar;
  const state = peer !== undefined && env.isResting(peer) ? "resting" : "alive";
  const permitted = preferTarget(targets, { peer, state })
    .filter(({ peer: { address } }) => isReachable(address, context));
  return permitted.find((candidate) => !env.isUnreachable(candidate.peer)) ?? permitted[0];
}

function routeToPhone(context: RequestContext): void {
  const { binding, dialog, recalled } = context;
  const routes = inDialogRoutes(context);
  const phone = routes.length > 0 ? dialog?.phone : binding ?? dialog?.phone;
  if (phone !== undefined && context.hop === undefined) {
    const { target: peer, transport } = phone;
    const connectionId = transport === "tcp" ? phoneConnection(peer, context) : undefined;
    context.hop = { side: "lan", transport, peer, connectionId };
  }
  context.message = withPhoneRoutes(context.message, routes);
  if (context.requestUriRule === "keep") return;
  const contactUri = recalled?.requestUri ?? dialog?.phone.contactUri ?? binding?.contactUri;
  if (contactUri !== undefined) context.message = withRequestUri(context.message, contactUri);
}

/** What begins a leg, and its CANCEL, go by the registration; what follows goes by the leg's own route (RFC 3261 §12.2). */
function inDialogRoutes({ checked, dialog }: RequestContext): readonly string[] {
  return checked.toTag === undefined ? [] : dialog?.phone.routes ?? [];
}

/** A registered phone is reached over the connection that its REGISTER came by (RFC 5626 §5.3), else by its Contact. */
function phoneConnection(target: SocketAddress, context: RequestContext): number | undefined {
  const { env, binding } = context;
  const own = binding === undefined ? undefined : env.connectionTo(binding.source);
  return own ?? env.connectionTo(target);
}

function outgoingQuery(context: RequestContext): HostQuery | undefined {
  const { config, message } = context;
  const route = listValues(message, "route")[0];
  if (route !== undefined) {
    const nameAddr = parseNameAddr(route);
    const uri = nameAddr.ok ? nameAddr.value.uri : undefined;
    return uri?.kind === "sip" ? uriQuery(uri, context) : undefined;
  }
  const proxy = outboundProxy(context);
  const method = config.sip.useSrv ? "locate" : "address";
  if (proxy !== undefined) {
    return { host: proxy.host, port: proxy.port, transport: undefined, method };
  }
  const uri = parseUri(message.requestUri);
  return uri.ok && uri.value.kind === "sip" ? uriQuery(uri.value, context) : undefined;
}

function outboundProxy(context: RequestContext): ConfiguredHop | undefined {
  const { outboundDomains, outboundProxy: global } = context.config.sip;
  const from = context.checked.from.uri;
  const domain = from.kind === "sip" ? from.host.toLowerCase() : undefined;
  return outboundDomains.find((entry) => entry.domain.toLowerCase() === domain) ?? global;
}

function uriQuery(uri: SipUri, context: RequestContext): HostQuery {
  const host = uriParameter(uri, "maddr") ?? uri.host;
  const text = uriParameter(uri, "transport")?.toLowerCase();
  const transport = text === "tcp" || text === "udp" ? text : undefined;
  const method = context.config.sip.useSrv ? "locate" : "address";
  return { host, port: uri.port, transport, method };
}

/** What a URI, a Route or DNS names; else what the far end of the dialog speaks, since it need not speak the phone's. */
function chooseTransport(target: RouteTarget, context: RequestContext): Transport {
  if (context.env.streams === "none") return "udp";
  return target.transport ?? context.dialog?.farTransport ?? context.input.listenPoint.transport;
}

/**
 * R22, R23: never to a multicast, broadcast or unspecified address, to loopback only for a peer on this host, and only by
 * a family that the Internet side has (RFC 3263 §4.2 leaves the choice among A and AAAA to who asks).
 */
function isReachable(address: IpAddress, context: RequestContext): boolean {
  const scope = addressScope(address);
  if (scope === "loopback") return isLoopbackPeer(context);
  const from = sideAddress(context.env.own, { side: "wan", family: ipFamily(address) });
  if (from === undefined || isLedInside(address, context)) return false;
  return scope === "global" || scope === "private" || scope === "link-local";
}

function isLoopbackPeer(context: RequestContext): boolean {
  return addressScope(sourceAddress(context)) === "loopback";
}

import { hostText } from "../../base/ip_address.ts";
import { shownAddress } from "../../base/side_addresses.ts";
import type { Transport } from "../../base/socket_address.ts";
import {
  appendHeaderAfterLast,
  getHeader,
  prependHeader,
  removeHeaders,
  replaceListElements,
} from "../../sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../sip/message.ts";
import type { AnyContext, RequestContext, ResponseContext } from "../context.ts";
import { RECORD_ROUTE_USER } from "../own_address.ts";
import { beginsRouteSet, isOwnRoute, routesOfRequest, routesOfResponse } from "../phone_routes.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.6 step 4, one-sided as siproxd does it: phones get our Record-Route, the outside never sees one (it
 * reaches us by the masqueraded Contact), nor one of a proxy between a phone and us (the leg remembers those).
 *
 * @param context the run
 * @returns next
 */
export function recordRouteRequest(context: RequestContext): Verdict {
  const value = ownRecordRoute(context);
  context.message = context.direction === "incoming" && value !== undefined
    ? prependHeader(context.message, "Record-Route", value)
    : purgeRequest(context);
  return NEXT;
}

/**
 * The same for responses, whose Record-Route list runs from the far end to the near one: a calling phone gets ours and,
 * behind it, those of the proxies that its request had passed on the way to us.
 *
 * @param context the run
 * @returns next
 */
export function recordRouteResponse(context: ResponseContext): Verdict {
  const value = ownRecordRoute(context);
  if (context.direction !== "incoming" || value === undefined) {
    context.message = purgeResponse(context);
    return NEXT;
  }
  const behind = beginsRouteSet(context) ? context.dialog?.phone.routes ?? [] : [];
  context.message = [value, ...behind].reduce(
    (message, route) => appendHeaderAfterLast(message, "Record-Route", route),
    context.message,
  );
  return NEXT;
}

function ownRecordRoute(context: AnyContext): string | undefined {
  const { env, hop } = context;
  const shown = hop === undefined
    ? undefined
    : shownAddress(env.own, { side: "lan", peer: hop.peer.address });
  const lan = shown ?? env.own.lan;
  if (lan === undefined) return undefined;
  const transport: Transport = hop?.transport ?? "udp";
  const parameter = transport === "tcp" ? ";transport=tcp" : "";
  const port = context.config.sip.listenPort;
  return `<sip:${RECORD_ROUTE_USER}@${hostText(lan)}:${port}${parameter};lr>`;
}

function purgeRequest(context: RequestContext): SipRequest {
  const { message, dialog } = context;
  const isKept = dialog !== undefined && routesOfRequest(message) !== undefined;
  return isKept ? removeHeaders(message, "record-route") : purgeOwn(message, context);
}

function purgeResponse(context: ResponseContext): SipResponse {
  const { message, dialog } = context;
  const inner = dialog === undefined ? undefined : routesOfResponse(message, context);
  const innerCount = inner?.length ?? 0;
  if (innerCount === 0) return purgeOwn(message, context);
  return replaceListElements(
    message,
    "record-route",
    (element, index) => index < innerCount || isOwnRoute(element, context) ? undefined : element,
  );
}

function purgeOwn<Message extends SipMessage>(message: Message, context: AnyContext): Message {
  if (getHeader(message, "record-route") === undefined) return message;
  return replaceListElements(
    message,
    "record-route",
    (element) => isOwnRoute(element, context) ? undefined : element,
  );
}

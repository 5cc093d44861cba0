import { listValues, prependHeader, removeHeaders } from "../sip/headers.ts";
import type { SipMessage, SipRequest } from "../sip/message.ts";
import { parseNameAddr } from "../sip/name_addr.ts";
import type { SipUri } from "../sip/uri.ts";
import { detachText } from "../base/text.ts";
import type { AnyContext, ResponseContext } from "./context.ts";
import { isOwnHostPort } from "./own_address.ts";

/** Proxies between a phone and us that one leg remembers: an office has one or two. */
export const MAX_PHONE_ROUTES = 8;

/** Length of all their URIs together: a leg stays about 1 kB. */
export const MAX_PHONE_ROUTES_LENGTH = 1_024;

/**
 * Gives the proxies that stand between us and the phone that sent a request, in the order in which they are passed on
 * the way back (RFC 3261 §12.1.1).
 *
 * The outside cannot reach them, so they are kept in the leg and are not shown to it.
 *
 * @param message the request as received
 * @returns Route values, the nearest first; undefined when they are more than a leg keeps
 */
export function routesOfRequest(message: SipMessage): readonly string[] | undefined {
  return bounded(listValues(message, "record-route"));
}

/**
 * Gives the same from the answer of a phone that was called: of its Record-Routes those above our own were added on the
 * way from us to it (RFC 3261 §12.1.2 reads them in reverse).
 *
 * @param message the answer as received
 * @param context the run
 * @returns Route values, the nearest first; undefined when ours is not there, or they are more than a leg keeps
 */
export function routesOfResponse(
  message: SipMessage,
  context: AnyContext,
): readonly string[] | undefined {
  const elements = listValues(message, "record-route");
  const own = elements.findIndex((element) => isOwnRoute(element, context));
  return own < 0 ? undefined : bounded(elements.slice(0, own).reverse());
}

/**
 * Tells whether an answer to a phone begins its route set: then the proxies that its request had passed are named again,
 * behind us (RFC 3261 §12.1.2).
 *
 * @param context the run, its leg known
 * @returns true for a 101 … 299 to the phone's own INVITE or SUBSCRIBE
 */
export function beginsRouteSet(context: ResponseContext): boolean {
  const { dialog, checked, message } = context;
  return dialog !== undefined && checked.cseq.method === dialog.method &&
    checked.fromTag === dialog.initiatorTag && message.statusCode > 100 && message.statusCode < 300;
}

/**
 * Gives a request the route set of the phone that it goes to (RFC 3261 §12.2.1.1).
 *
 * @param request a request of a leg
 * @param routes what the leg remembers, the nearest first
 * @returns the request, its Routes replaced when there are some to set
 */
export function withPhoneRoutes(request: SipRequest, routes: readonly string[]): SipRequest {
  if (routes.length === 0) return request;
  return routes.reduceRight(
    (edited, route) => prependHeader(edited, "Route", route),
    removeHeaders(request, "route"),
  );
}

/**
 * Tells whether a Record-Route or Route value is ours.
 *
 * @param element one element of the list
 * @param context the run
 * @returns true when its URI is one of our sockets
 */
export function isOwnRoute(element: string, context: AnyContext): boolean {
  const uri = routeUri(element);
  return uri !== undefined && isOwnHostPort(uri, context.env);
}

/**
 * Reads the URI of a Route value.
 *
 * @param element one element of the list, or undefined for none
 * @returns undefined when it is no SIP URI
 */
export function routeUri(element: string | undefined): SipUri | undefined {
  const nameAddr = element === undefined ? undefined : parseNameAddr(element);
  return nameAddr?.ok && nameAddr.value.uri.kind === "sip" ? nameAddr.value.uri : undefined;
}

function bounded(elements: readonly string[]): readonly string[] | undefined {
  const lengthBytes = elements.reduce((sum, element) => sum + element.length, 0);
  if (elements.length > MAX_PHONE_ROUTES || lengthBytes > MAX_PHONE_ROUTES_LENGTH) return undefined;
  return elements.map(detachText);
}

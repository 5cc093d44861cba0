import { listValues, replaceListElements, withRequestUri } from "../../sip/headers.ts";
import { parseNameAddr } from "../../sip/name_addr.ts";
import { type AnyUri, parseUri } from "../../sip/uri.ts";
import type { RequestContext } from "../context.ts";
import { isOwnHostPort, RECORD_ROUTE_USER } from "../own_address.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.4: undoes what a strict router did to a Request-URI of ours, and takes our own first Route away.
 *
 * @param context the run
 * @returns next
 */
export function preprocessRoute(context: RequestContext): Verdict {
  const routes = listValues(context.message, "route");
  if (routes.length === 0) return NEXT;
  const last = parseNameAddr(routes[routes.length - 1] ?? "");
  if (isOwnRecordRoute(context) && last.ok) {
    const message = replaceListElements(
      context.message,
      "route",
      (element, index) => index === routes.length - 1 ? undefined : element,
    );
    context.message = withRequestUri(message, last.value.uri.text);
  }
  removeOwnRoute(context);
  return NEXT;
}

function isOwnRecordRoute(context: RequestContext): boolean {
  const uri = parseUri(context.message.requestUri);
  return uri.ok && uri.value.kind === "sip" && uri.value.user === RECORD_ROUTE_USER &&
    isOwnUri(uri.value, context);
}

function removeOwnRoute(context: RequestContext): void {
  const first = listValues(context.message, "route")[0];
  const route = first === undefined ? undefined : parseNameAddr(first);
  if (route === undefined || !route.ok || !isOwnUri(route.value.uri, context)) return;
  context.message = replaceListElements(
    context.message,
    "route",
    (element, index) => index === 0 ? undefined : element,
  );
}

function isOwnUri(uri: AnyUri, context: RequestContext): boolean {
  return uri.kind === "sip" && isOwnHostPort(uri, context.env);
}

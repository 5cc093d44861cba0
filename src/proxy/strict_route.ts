import { appendHeaderAfterLast, replaceListElements, withRequestUri } from "../sip/headers.ts";
import type { SipRequest } from "../sip/message.ts";
import { isLooseRoute, topmostRoute } from "../sip/route.ts";
import { makeSipUri, type SipUri } from "../sip/uri.ts";

/**
 * RFC 3261 §16.6 step 6: a first Route without `lr` is a strict router, which expects itself in the Request-URI and the
 * real target as the last Route.
 *
 * @param request the request as it would go to a loose router
 * @returns the same request when its first Route is one or there is none
 */
export function forStrictRouter(request: SipRequest): SipRequest {
  const route = topmostRoute(request, "route");
  const uri = route.ok ? route.value?.uri : undefined;
  if (uri?.kind !== "sip" || isLooseRoute(uri)) return request;
  const withTarget = appendHeaderAfterLast(request, "Route", `<${request.requestUri}>`);
  const withoutFirst = replaceListElements(
    withTarget,
    "route",
    (element, index) => index === 0 ? undefined : element,
  );
  return withRequestUri(withoutFirst, requestUriOf(uri));
}

/** RFC 3261 §19.1.1: a Request-URI has neither headers nor a method parameter. */
function requestUriOf(uri: SipUri): string {
  const parameters = uri.parameters.filter(({ name }) => name.toLowerCase() !== "method");
  const isPlain = uri.headers === undefined && parameters.length === uri.parameters.length;
  return isPlain ? uri.text : makeSipUri({ ...uri, headers: undefined, parameters }).text;
}

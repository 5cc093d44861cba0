import { parseUri, type SipUri, uriParameter, withUriParameter } from "../sip/uri.ts";
import type { RequestEvent } from "./hooks.ts";

/** URI parameter that tells a phone's second try from its first, as siproxd writes it. */
const REDIRECTED = "redirected";

/**
 * Tells a call that a phone of ours begins; re-INVITEs inside a call are none.
 *
 * @param request a request of a known direction
 * @returns true for an outgoing INVITE without To tag
 */
export function beginsOutgoingCall(request: RequestEvent): boolean {
  return request.message.method === "INVITE" && request.direction === "outgoing" &&
    request.checked.toTag === undefined;
}

/**
 * Tells a call that a plugin has redirected already, so that nothing goes round in circles.
 *
 * @param request the phone's second try
 * @param plugin name of the plugin
 * @returns true when the Request-URI or the To URI carries its mark
 */
export function wasRedirectedBy(request: RequestEvent, plugin: string): boolean {
  return [request.checked.requestUri, request.checked.to.uri].some((uri) =>
    uri.kind === "sip" && uriParameter(uri, REDIRECTED)?.toLowerCase() === plugin
  );
}

/**
 * Marks a target as chosen by a plugin.
 *
 * @param uri the target
 * @param plugin name of the plugin
 * @returns the URI with `;redirected=<plugin>`
 */
export function markRedirected(uri: SipUri, plugin: string): SipUri {
  return withUriParameter(uri, { name: REDIRECTED, value: plugin });
}

/**
 * Reads a text that must be a SIP URI, for the validation of options.
 *
 * @param text what stands in the configuration
 * @returns the URI, or undefined
 */
export function sipUriOf(text: string): SipUri | undefined {
  const uri = parseUri(text);
  return uri.ok && uri.value.kind === "sip" ? uri.value : undefined;
}

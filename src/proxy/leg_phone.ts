import { contactTarget } from "../registrar/contact_target.ts";
import { listValues } from "../sip/headers.ts";
import { parseNameAddr } from "../sip/name_addr.ts";
import type { SipUri } from "../sip/uri.ts";
import {
  type AnyContext,
  type RequestContext,
  type ResponseContext,
  sourceAddress,
} from "./context.ts";
import type { LegPhone } from "./dialog_table.ts";
import { beginsRouteSet, routesOfRequest, routesOfResponse, routeUri } from "./phone_routes.ts";

/**
 * Describes the phone's end of a leg that a request begins.
 *
 * @param context the run, its direction known
 * @returns the phone, or undefined when an incoming request has no callee
 */
export function legPhone(context: RequestContext): LegPhone | undefined {
  const { binding, input } = context;
  if (context.direction === "incoming") {
    if (binding === undefined) return undefined;
    const { bindingId, target, transport, contactUri } = binding;
    return { bindingId, address: target.address, target, transport, contactUri, routes: [] };
  }
  const contact = firstContact(context);
  const routes = routesOfRequest(context.checked.message) ?? [];
  const place = routeUri(routes[0]) ?? contact;
  return {
    bindingId: binding?.bindingId,
    address: sourceAddress(context),
    target: place === undefined ? input.source : contactTarget(place, input.source),
    transport: input.listenPoint.transport,
    contactUri: contact?.text ?? binding?.contactUri ?? context.message.requestUri,
    routes,
  };
}

/**
 * Takes a phone's new Contact into its leg (target refresh, RFC 3261 §12.2.1.2).
 *
 * @param phone as known so far
 * @param context the run of a message from that phone
 * @returns the phone, the same object when nothing changed
 */
export function refreshPhone(phone: LegPhone, context: AnyContext): LegPhone {
  const contact = firstContact(context);
  if (contact === undefined || contact.text === phone.contactUri) return phone;
  const place = routeUri(phone.routes[0]) ?? contact;
  const target = contactTarget(place, context.input.source);
  return { ...phone, contactUri: contact.text, target };
}

/**
 * Takes the proxies between us and a called phone into its leg, as its first answer names them (RFC 3261 §12.1.2).
 *
 * @param phone as known so far
 * @param context the run of an answer from that phone, its leg known
 * @returns the phone, the same object when nothing changed
 */
export function learnRoutes(phone: LegPhone, context: ResponseContext): LegPhone {
  const { dialog, checked } = context;
  // The answer to a later INVITE changes the target alone (RFC 3261 §12.2).
  if (!beginsRouteSet(context) || checked.cseq.number !== dialog?.initialCseq) return phone;
  const routes = routesOfResponse(checked.message, context) ?? [];
  if (routes.length === 0 && phone.routes.length === 0) return phone;
  const place = routeUri(routes[0]) ?? firstContact(context);
  const { source } = context.input;
  const target = place === undefined ? source : contactTarget(place, source);
  return { ...phone, routes, target };
}

/** The Contact as the phone sent it, before it was masqueraded. */
function firstContact(context: AnyContext): SipUri | undefined {
  const element = listValues(context.checked.message, "contact")[0];
  const nameAddr = element === undefined ? undefined : parseNameAddr(element);
  return nameAddr?.ok && nameAddr.value.uri.kind === "sip" ? nameAddr.value.uri : undefined;
}

import { contactTarget } from "../registrar/contact_target.ts";
import { listValues } from "../sip/headers.ts";
import { parseNameAddr } from "../sip/name_addr.ts";
import type { SipUri } from "../sip/uri.ts";
import { type AnyContext, type RequestContext, sourceAddress } from "./context.ts";
import type { LegPhone } from "./dialog_table.ts";

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
    return { bindingId, address: target.address, target, transport, contactUri };
  }
  const contact = firstContact(context);
  return {
    bindingId: binding?.bindingId,
    address: sourceAddress(context),
    target: contact === undefined ? input.source : contactTarget(contact, input.source),
    transport: input.listenPoint.transport,
    contactUri: contact?.text ?? binding?.contactUri ?? context.message.requestUri,
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
  const { source } = context.input;
  return { ...phone, contactUri: contact.text, target: contactTarget(contact, source) };
}

/** The Contact as the phone sent it, before it was masqueraded. */
function firstContact(context: AnyContext): SipUri | undefined {
  const element = listValues(context.checked.message, "contact")[0];
  const nameAddr = element === undefined ? undefined : parseNameAddr(element);
  return nameAddr?.ok && nameAddr.value.uri.kind === "sip" ? nameAddr.value.uri : undefined;
}

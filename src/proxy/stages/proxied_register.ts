import { planRegistration, type RegistrationPlan } from "../../registrar/plan_registration.ts";
import { getHeader, replaceListElements, setHeader } from "../../sip/headers.ts";
import { contactExpires } from "../../sip/contact.ts";
import { formatNameAddr, parseNameAddr } from "../../sip/name_addr.ts";
import type { RequestContext } from "../context.ts";
import { branchOf } from "../own_branch.ts";
import { readRegister, refuseRegister, registrationContext } from "../register_request.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";
import { warnOfStun } from "../stun_sign.ts";

/**
 * Plans what a REGISTER on its way to its registrar would bind, and shows the registrar public Contacts; nothing of it is
 * true before a 2xx that carries our branch (RFC 3261 §10.2 seen from a proxy).
 *
 * @param context the run
 * @returns a refusal when the table is full or the REGISTER breaks a rule, else next
 */
export function planProxiedRegister(context: RequestContext): Verdict {
  if (context.message.method !== "REGISTER" || context.hop === undefined) return NEXT;
  const request = readRegister(context);
  const planning = registrationContext(context);
  if (planning === undefined) return drop("no-address");
  if (request === undefined) return NEXT;
  const plan = planRegistration(request, planning);
  if (!plan.ok) return refuseRegister(plan.error, context);
  const pending = {
    plan: plan.value,
    registrar: context.hop.peer,
    sentAtMs: context.env.nowMs,
  };
  context.actions.push({ kind: "pend", branch: branchOf(context), pending });
  showPublicContacts(plan.value, context);
  warnOfStun(context);
  return NEXT;
}

function showPublicContacts(plan: RegistrationPlan, context: RequestContext): void {
  if (plan.kind !== "contacts") return;
  context.message = replaceListElements(context.message, "contact", (element, index) => {
    const contact = plan.contacts[index];
    if (contact?.kind === "superseded") return undefined;
    if (contact?.kind !== "bind" && contact?.kind !== "unbind") return element;
    const nameAddr = parseNameAddr(element);
    if (!nameAddr.ok) return element;
    const uriText = contact.publicUri;
    return formatNameAddr({ ...nameAddr.value, uriText, brackets: "present" });
  });
  // siproxd adds the Expires header that makes its default visible to the registrar and to the phone.
  const names = context.checked.contacts.contacts.some((contact) =>
    contactExpires(contact) === undefined
  );
  if (names && getHeader(context.message, "expires") === undefined) {
    const seconds = context.config.sip.defaultExpiresSeconds;
    context.message = setHeader(context.message, "Expires", `${seconds}`);
  }
}

import { err, ok, type Result } from "../base/result.ts";
import { addressOfRecordKey } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";
import { planContacts } from "./plan_contacts.ts";
import type {
  RegisterRequest,
  RegistrationContext,
  RegistrationPlan,
  RegistrationRefusal,
} from "./registration_plan.ts";

export type {
  PlannedContact,
  RegisterRequest,
  RegistrationContext,
  RegistrationPlan,
  RegistrationRefusal,
} from "./registration_plan.ts";

/** Contacts of one REGISTER: a phone has one or two, a hunt group's controller a handful. */
const MAX_CONTACTS = 16;

/** Phones of one address of record: each REGISTER compares itself with all of them. */
const MAX_BINDINGS_PER_ADDRESS = 128;

/**
 * Plans what a REGISTER for somebody else's registrar would change (RFC 3261 §10.2 seen from a proxy).
 *
 * Hold the plan until the answer: `BindingTable.reserve` its bindings, then `commitRegistration` on a 2xx.
 *
 * @param request the REGISTER
 * @param context table, time, public place
 * @returns the plan, or why the REGISTER is refused at once
 */
export function planRegistration(
  request: RegisterRequest,
  context: RegistrationContext,
): Result<RegistrationPlan, RegistrationRefusal> {
  const { contacts } = request;
  const addressOfRecord = addressOfRecordKey(request.addressOfRecord);
  const { callId, cseqNumber } = request;
  const base = { addressOfRecord, callId, cseqNumber, contacts: [] };
  if (contacts.kind === "none") return ok({ ...base, kind: "query" });
  if (contacts.kind === "star") {
    // RFC 3261 §10.3 step 6: a star is a removal, and nothing else.
    return request.expiresSeconds === 0 ? ok({ ...base, kind: "remove-all" }) : err("bad-wildcard");
  }
  if (contacts.contacts.length > MAX_CONTACTS) return err("too-many-contacts");
  const planned = planContacts(request, context);
  const newPhones =
    planned.filter((contact) =>
      contact.kind === "bind" && context.table.byId(contact.binding.bindingId) === undefined
    ).length;
  const phones = context.table.byAddressOfRecord(addressOfRecord).length;
  const isTooMany = newPhones > context.table.room || phones + newPhones > MAX_BINDINGS_PER_ADDRESS;
  if (newPhones > 0 && isTooMany) return err("table-full");
  return ok({ ...base, kind: "contacts", contacts: planned });
}

/**
 * Lists the bindings of a plan that are to be held while its answer is awaited.
 *
 * @param plan a plan
 * @returns the bindings it would set
 */
export function plannedBindings(plan: RegistrationPlan): readonly Binding[] {
  return plan.contacts.flatMap((contact) => contact.kind === "bind" ? [contact.binding] : []);
}

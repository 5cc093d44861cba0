import { err, ok, type Result } from "../base/result.ts";
import { hostText, parseIpAddress } from "../base/ip_address.ts";
import type { Binding, BindingChange } from "./binding.ts";
import { planRegistration } from "./plan_registration.ts";
import type {
  RegisterRequest,
  RegistrationContext,
  RegistrationPlan,
  RegistrationRefusal,
} from "./registration_plan.ts";

/** One Contact of the 200 to a REGISTER. */
export interface GrantedContact {
  readonly contactUri: string;
  /** Seconds left, at least 1. */
  readonly expiresSeconds: number;
}

/** What the built-in registrar does about a REGISTER. */
export interface LocalRegistration {
  readonly kind: RegistrationPlan["kind"];
  /** To be applied at once. */
  readonly changes: readonly BindingChange[];
  /** All bindings of the address of record as they are afterwards (RFC 3261 §10.3 step 8). */
  readonly granted: readonly GrantedContact[];
}

/**
 * Acts as the registrar for a REGISTER addressed to us (RFC 3261 §10.3 steps 6 to 8); all changes or none.
 *
 * A repeated REGISTER with the same CSeq is a retransmission and gets the same answer; an older one is refused.
 *
 * @param request the REGISTER, its sender authenticated where that is asked for
 * @param context table, time, public place, masked hosts
 * @returns the changes and the Contacts of the 200, or why it is refused
 */
export function registerLocally(
  request: RegisterRequest,
  context: RegistrationContext,
): Result<LocalRegistration, RegistrationRefusal> {
  const masked = { ...context, publicPlace: maskedPlace(request, context) };
  const planned = planRegistration(request, masked);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const touched = touchedBindings(plan, context);
  const isOlder = touched.some((binding) =>
    binding.registerCallId === plan.callId && binding.registerCseq > plan.cseqNumber
  );
  if (isOlder) return err("out-of-order");
  const changes = localChanges(plan, { context, touched });
  return ok({ kind: plan.kind, changes, granted: grantedContacts(plan, { context, changes }) });
}

/** Bindings in the table that the plan would replace or remove. */
function touchedBindings(plan: RegistrationPlan, context: RegistrationContext): readonly Binding[] {
  if (plan.kind === "remove-all") return context.table.byAddressOfRecord(plan.addressOfRecord);
  return plan.contacts.flatMap((contact) =>
    contact.kind === "bind" || contact.kind === "unbind"
      ? context.table.byId(contact.binding.bindingId) ?? []
      : []
  );
}

function localChanges(
  plan: RegistrationPlan,
  from: { readonly context: RegistrationContext; readonly touched: readonly Binding[] },
): readonly BindingChange[] {
  if (plan.kind === "remove-all") {
    return from.touched.map(({ bindingId }) => ({ kind: "unbind", bindingId }));
  }
  const removed = new Set(
    plan.contacts.flatMap((one) => one.kind === "unbind" ? [one.binding.bindingId] : []),
  );
  const unbinds = from.touched.flatMap(({ bindingId }): BindingChange[] =>
    removed.has(bindingId) ? [{ kind: "unbind", bindingId }] : []
  );
  // There is no forking: the newest binding is the one that rings, so the one preferred most is bound last.
  const binds = plan.contacts.flatMap((one) => one.kind === "bind" ? [one] : [])
    .sort((one, other) => one.preference - other.preference)
    .map(({ binding, requestedExpiresSeconds }): BindingChange => ({
      kind: "bind",
      binding: {
        ...binding,
        registrar: undefined,
        expiresAtMs: from.context.nowMs + requestedExpiresSeconds * 1000,
      },
    }));
  return [...unbinds, ...binds];
}

function grantedContacts(
  plan: RegistrationPlan,
  from: { readonly context: RegistrationContext; readonly changes: readonly BindingChange[] },
): readonly GrantedContact[] {
  const { table, nowMs } = from.context;
  const present = table.byAddressOfRecord(plan.addressOfRecord);
  const bindings = new Map(present.map((binding) => [binding.bindingId, binding]));
  for (const change of from.changes) {
    if (change.kind === "bind") bindings.set(change.binding.bindingId, change.binding);
    else bindings.delete(change.bindingId);
  }
  return [...bindings.values()].flatMap(({ contactUri, expiresAtMs }) => {
    const expiresSeconds = Math.ceil((expiresAtMs - nowMs) / 1000);
    return expiresSeconds > 0 ? [{ contactUri, expiresSeconds }] : [];
  });
}

/** `mask_host`, `masked_host`: the domain that the phones register under is shown to the outside as another one. */
function maskedPlace(
  request: RegisterRequest,
  context: RegistrationContext,
): RegistrationContext["publicPlace"] {
  const { host } = request.addressOfRecord;
  const mask = context.maskHosts.find((entry) => entry.host === host);
  if (mask === undefined) return context.publicPlace;
  const address = parseIpAddress(mask.maskedHost);
  return {
    ...context.publicPlace,
    host: address === undefined ? mask.maskedHost : hostText(address),
  };
}

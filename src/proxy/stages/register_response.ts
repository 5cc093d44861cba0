import { detachText } from "../../base/text.ts";
import type { Binding, BindingChange } from "../../registrar/binding.ts";
import { commitRegistration } from "../../registrar/commit_registration.ts";
import type { RegistrationPlan } from "../../registrar/registration_plan.ts";
import { parseContacts } from "../../sip/contact.ts";
import { readExpires } from "../../sip/expires.ts";
import { replaceListElements } from "../../sip/headers.ts";
import { formatNameAddr, parseNameAddr } from "../../sip/name_addr.ts";
import { addressOfRecordKey, type AnyUri, parseUri, uriParameter } from "../../sip/uri.ts";
import { TOKEN_PARAMETER } from "../../registrar/public_uri.ts";
import type { ResponseContext } from "../context.ts";
import type { Action } from "../outcome.ts";
import { isOvertaken, type PendingRegistration } from "../pending_registrations.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Makes a registration true when its registrar says 2xx, with the expiry that he grants, and turns the Contacts back into
 * the phone's own (RFC 3261 §10.2.4); any other final answer leaves what was registered before.
 *
 * @param context the run
 * @returns next
 */
export function commitRegisterResponse(context: ResponseContext): Verdict {
  const { message, checked, state, env } = context;
  if (checked.cseq.method !== "REGISTER" || context.direction !== "incoming") return NEXT;
  const pending = context.trust === "verified" && context.branch !== undefined
    ? state.pending.get(context.branch, env.nowMs)
    : undefined;
  const isSuccess = message.statusCode >= 200 && message.statusCode < 300;
  const isNews = isSuccess && pending !== undefined &&
    !isOvertaken(pending, state.answered.get(pending.plan.callId, env.nowMs));
  const changes = isNews ? commit(pending, context) : [];
  for (const change of changes) context.actions.push({ kind: "binding", change });
  if (pending !== undefined && message.statusCode >= 200 && context.branch !== undefined) {
    context.actions.push(settle(pending, { branch: context.branch, isNews }));
  }
  if (isSuccess) showOwnContacts(knownBindings(changes, { context, plan: pending?.plan }), context);
  return NEXT;
}

function settle(
  { plan }: PendingRegistration,
  { branch, isNews }: { readonly branch: string; readonly isNews: boolean },
): Action {
  if (!isNews) return { kind: "settle", branch };
  const { callId, cseqNumber } = plan;
  return { kind: "settle", branch, taken: { callId: detachText(callId), cseqNumber } };
}

function commit(
  pending: PendingRegistration,
  context: ResponseContext,
): readonly BindingChange[] {
  const contacts = parseContacts(context.checked.message);
  const answer = {
    contacts: contacts.ok ? contacts.value.contacts : [],
    expiresSeconds: readExpires(context.message),
    registrar: pending.registrar,
    nowMs: context.env.nowMs,
  };
  const changes = commitRegistration(pending.plan, { answer, table: context.state.bindings });
  for (const change of changes) reportChange(change, context);
  return changes;
}

function reportChange(change: BindingChange, context: ResponseContext): void {
  if (change.kind === "unbind") return;
  const { addressOfRecordUri, contactUri, expiresAtMs, bindingId } = change.binding;
  if (context.state.bindings.byId(bindingId) !== undefined) return;
  const expiresSeconds = Math.round((expiresAtMs - context.env.nowMs) / 1000);
  const fields = { aor: addressOfRecordUri, contact: contactUri, expiresSeconds };
  const event = { level: "info", component: "registrar", event: "reg.ok", fields } as const;
  context.actions.push({ kind: "log", event });
}

/** Phones whose public URIs may stand in the answer: those just bound or asked for, and those of the same account. */
function knownBindings(
  changes: readonly BindingChange[],
  from: { readonly context: ResponseContext; readonly plan: RegistrationPlan | undefined },
): readonly Binding[] {
  const { context, plan } = from;
  const bound = changes.flatMap((change) => change.kind === "bind" ? [change.binding] : []);
  const planned = (plan?.contacts ?? []).flatMap((contact) =>
    contact.kind === "bind" || contact.kind === "unbind" ? [contact.binding] : []
  );
  const key = addressOfRecordKey(context.checked.to.uri);
  return [...bound, ...planned, ...context.state.bindings.byAddressOfRecord(key)];
}

function showOwnContacts(bindings: readonly Binding[], context: ResponseContext): void {
  const { lanExpiresSeconds } = context.config.sip;
  context.message = replaceListElements(context.message, "contact", (element) => {
    const nameAddr = parseNameAddr(element);
    if (!nameAddr.ok || nameAddr.value.uri.kind !== "sip") return element;
    const { uri } = nameAddr.value;
    const binding = bindings.find((candidate) => isPublicUriOf(uri, candidate));
    if (binding === undefined) return element;
    const parameters = nameAddr.value.parameters.map((parameter) =>
      shortened(parameter, lanExpiresSeconds)
    );
    return formatNameAddr({
      ...nameAddr.value,
      uriText: binding.contactUri,
      parameters,
      brackets: "present",
    });
  });
}

interface Parameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** lan_expires: the phone is told to come back sooner than the registrar asks, so that an address change is noticed. */
function shortened(parameter: Parameter, lanExpiresSeconds: number): Parameter {
  const isExpires = parameter.name.toLowerCase() === "expires";
  if (!isExpires || lanExpiresSeconds === 0) return parameter;
  const granted = Number(parameter.value);
  return granted > lanExpiresSeconds ? { ...parameter, value: `${lanExpiresSeconds}` } : parameter;
}

function isPublicUriOf(uri: AnyUri, binding: Binding): boolean {
  if (uri.text === binding.publicUri) return true;
  const own = parseUri(binding.publicUri);
  if (!own.ok || addressOfRecordKey(own.value) !== addressOfRecordKey(uri)) return false;
  if (uri.kind !== "sip" || own.value.kind !== "sip") return false;
  return uriParameter(uri, TOKEN_PARAMETER) === uriParameter(own.value, TOKEN_PARAMETER);
}

import type { SocketAddress } from "../base/socket_address.ts";
import { contactExpires } from "../sip/contact.ts";
import type { NameAddr } from "../sip/name_addr.ts";
import { addressOfRecordKey, parseUri, type SipUri, uriParameter } from "../sip/uri.ts";
import type { Binding, BindingChange } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import { userKey } from "./binding_keys.ts";
import { chooseExpires } from "./expiry.ts";
import type { PlannedContact, RegistrationPlan } from "./registration_plan.ts";
import { TOKEN_PARAMETER } from "./public_uri.ts";
import { findTwin } from "./same_phone.ts";

/** A registrar's yes. */
export interface RegistrationAnswer {
  /** Contacts of the 2xx, before they are turned back into the phone's. */
  readonly contacts: readonly NameAddr[];
  /** Value of its Expires header field. */
  readonly expiresSeconds: number | undefined;
  readonly registrar: SocketAddress;
  readonly nowMs: number;
}

type PlannedBind = Extract<PlannedContact, { readonly kind: "bind" | "unbind" }>;

/**
 * Turns a plan into changes after a 2xx (RFC 3261 §10.2.4): the registrar's expiry counts, whatever was asked for.
 *
 * A Contact of ours that the answer does not list is not registered. A registrar that shows no Contact at all but an
 * Expires header has taken what it was given. The caller leaves out an answer that a later one has overtaken.
 *
 * @param plan what the REGISTER asked for
 * @param context the answer and the table as it is now
 * @returns changes to apply
 */
export function commitRegistration(
  plan: RegistrationPlan,
  context: { readonly answer: RegistrationAnswer; readonly table: BindingTable },
): readonly BindingChange[] {
  const { answer, table } = context;
  if (plan.kind === "query") return [];
  if (plan.kind === "remove-all") {
    return table.byAddressOfRecord(plan.addressOfRecord)
      .map(({ bindingId }) => ({ kind: "unbind", bindingId }));
  }
  const planned = plan.contacts.flatMap((contact) =>
    contact.kind === "bind" || contact.kind === "unbind" ? [contact] : []
  );
  const listed = matchListed(planned, answer.contacts);
  return planned.toSorted((one, other) => one.preference - other.preference).flatMap((contact) => {
    const current = currentOf(contact.binding, table);
    const bindingId = current?.bindingId ?? contact.binding.bindingId;
    const change = commitContact(contact, { answer, listed: listed.get(contact), bindingId });
    return change.kind === "bind" || current !== undefined ? [change] : [];
  });
}

/** Two REGISTERs of one phone can be under way with two ids: the phone stays one. */
function currentOf(planned: Binding, table: BindingTable): Binding | undefined {
  return table.byId(planned.bindingId) ??
    findTwin(planned, table.byAddressOfRecord(planned.addressOfRecord));
}

function commitContact(
  contact: PlannedBind,
  from: {
    readonly answer: RegistrationAnswer;
    readonly listed: NameAddr | undefined;
    readonly bindingId: string;
  },
): BindingChange {
  const { answer, listed, bindingId } = from;
  const { binding, requestedExpiresSeconds } = contact;
  const unbind: BindingChange = { kind: "unbind", bindingId };
  if (contact.kind === "unbind") return unbind;
  const isSilent = answer.contacts.length === 0 && answer.expiresSeconds !== undefined;
  if (listed === undefined && !isSilent) return unbind;
  const own = listed === undefined ? undefined : contactExpires(listed);
  const seconds = chooseExpires(own, answer.expiresSeconds, requestedExpiresSeconds);
  if (seconds === 0) return unbind;
  return {
    kind: "bind",
    binding: {
      ...binding,
      bindingId,
      ...asStored(binding, listed),
      registrar: answer.registrar,
      expiresAtMs: answer.nowMs + seconds * 1000,
    },
  };
}

/**
 * A registrar that lists our Contact without its token has stripped it, and will send requests without it: then the
 * binding has none either, so that among the phones of one public URI the newest is found.
 */
function asStored(
  binding: Binding,
  listed: NameAddr | undefined,
): Pick<Binding, "token" | "publicUri"> {
  const { token, publicUri } = binding;
  const isStripped = token !== undefined && listed?.uri.kind === "sip" &&
    uriParameter(listed.uri, TOKEN_PARAMETER) === undefined;
  return isStripped
    ? { token: undefined, publicUri: withoutToken(publicUri) }
    : { token, publicUri };
}

function withoutToken(publicUri: string): string {
  const at = publicUri.indexOf(`;${TOKEN_PARAMETER}=`);
  return at < 0 ? publicUri : publicUri.slice(0, at);
}

interface Mark {
  readonly key: string;
  readonly user: string | undefined;
  readonly token: string | undefined;
}

/** How sure a listed Contact is ours, surest first: some registrars drop parameters, some put the address they saw. */
const LIKENESS: readonly ((ours: Mark, theirs: Mark) => boolean)[] = [
  (ours, theirs) => ours.key === theirs.key && ours.token === theirs.token,
  (ours, theirs) => ours.token !== undefined && ours.token === theirs.token,
  (ours, theirs) => ours.key === theirs.key && theirs.token === undefined,
  (ours, theirs) => ours.user === theirs.user && theirs.token === undefined,
];

/** Finds each planned Contact among those listed; one listed Contact answers for one planned only. */
function matchListed(
  planned: readonly PlannedBind[],
  contacts: readonly NameAddr[],
): ReadonlyMap<PlannedBind, NameAddr> {
  const [only] = planned;
  const [first] = contacts;
  if (planned.length === 1 && only !== undefined && first?.uri.text === only.publicUri) {
    return new Map([[only, first]]);
  }
  const theirs = new Map<NameAddr, Mark>();
  for (const contact of contacts) {
    if (contact.uri.kind === "sip") theirs.set(contact, markOf(contact.uri));
  }
  const found = new Map<PlannedBind, NameAddr>();
  for (const isAlike of LIKENESS) {
    for (const contact of planned) {
      const uri = found.has(contact) ? undefined : parseUri(contact.publicUri);
      if (uri === undefined || !uri.ok || uri.value.kind !== "sip") continue;
      const ours = markOf(uri.value);
      for (const [candidate, mark] of theirs) {
        if (!isAlike(ours, mark)) continue;
        found.set(contact, candidate);
        theirs.delete(candidate);
        break;
      }
    }
  }
  return found;
}

function markOf(uri: SipUri): Mark {
  const token = uriParameter(uri, TOKEN_PARAMETER)?.toLowerCase();
  return { key: addressOfRecordKey(uri), user: userKey(uri), token };
}

import { detachText } from "../base/text.ts";
import { contactExpires, contactInstance, contactPreference } from "../sip/contact.ts";
import type { NameAddr } from "../sip/name_addr.ts";
import { addressOfRecordKey, type SipUri, uriParameter } from "../sip/uri.ts";
import type { Transport } from "../base/socket_address.ts";
import type { Binding } from "./binding.ts";
import { contactTarget } from "./contact_target.ts";
import { chooseExpires } from "./expiry.ts";
import type { PlannedContact, RegisterRequest, RegistrationContext } from "./registration_plan.ts";
import { choosePublicUri, type PublicUri } from "./public_uri.ts";
import { PENDING_LIFETIME_MS } from "./reservation_table.ts";
import { type ContactIdentity, matchPhones } from "./same_phone.ts";

/** Hex digits of a binding's id. */
const BINDING_ID_DIGITS = 16;

/** A Contact with a SIP URI, read. */
interface ReadContact extends ContactIdentity {
  readonly uri: SipUri;
  readonly expiresSeconds: number;
  readonly preference: number;
}

interface Planning {
  readonly request: RegisterRequest;
  readonly context: RegistrationContext;
  /** What earlier Contacts of the same REGISTER were given. */
  readonly taken: { readonly publicKey: string; readonly token: string | undefined }[];
}

/**
 * Plans every Contact of a REGISTER: which phone it is, what the outside sees in its place, and its binding.
 *
 * @param request the REGISTER
 * @param context table, time, public place
 * @returns one plan for each Contact, in their order
 */
export function planContacts(
  request: RegisterRequest,
  context: RegistrationContext,
): readonly PlannedContact[] {
  const all = request.contacts.contacts;
  const read = all.map((contact) => readContact(contact, { request, context }));
  const identities = read.filter((contact) => contact !== undefined);
  const matches = matchPhones(identities, candidatesOf(request, context));
  const planning: Planning = { request, context, taken: [] };
  const planned = identities.map((contact, index): PlannedContact => {
    const match = matches[index];
    if (match?.kind === "superseded") return { kind: "superseded", contactUri: contact.uri.text };
    return planContact(contact, {
      planning,
      known: match?.kind === "known" ? match.binding : undefined,
    });
  });
  let next = 0;
  return read.map((contact, index): PlannedContact => {
    const plan = contact === undefined ? undefined : planned[next++];
    return plan ?? { kind: "foreign", contactUri: all[index]?.uri.text ?? "" };
  });
}

function candidatesOf(request: RegisterRequest, context: RegistrationContext): readonly Binding[] {
  const { table } = context;
  const addressOfRecord = addressOfRecordKey(request.addressOfRecord);
  const registered = table.byAddressOfRecord(addressOfRecord);
  const reserved = table.reservedByAddressOfRecord(addressOfRecord);
  if (reserved.length === 0) return registered;
  return [
    ...registered,
    ...reserved.filter(({ bindingId }) => table.byId(bindingId) === undefined),
  ];
}

function readContact(
  contact: NameAddr,
  from: { readonly request: RegisterRequest; readonly context: RegistrationContext },
): ReadContact | undefined {
  const { uri } = contact;
  if (uri.kind !== "sip") return undefined;
  const { request, context } = from;
  const expiresSeconds = chooseExpires(
    contactExpires(contact),
    request.expiresSeconds,
    context.defaultExpiresSeconds,
  );
  return {
    uri,
    kind: expiresSeconds === 0 ? "unbind" : "bind",
    instanceId: contactInstance(contact),
    callId: request.callId,
    source: request.source,
    expiresSeconds,
    preference: contactPreference(contact),
  };
}

function planContact(
  contact: ReadContact,
  from: { readonly planning: Planning; readonly known: Binding | undefined },
): PlannedContact {
  const { planning, known } = from;
  const { context, request, taken } = planning;
  const bindingId = known?.bindingId ?? context.randomHex(BINDING_ID_DIGITS);
  const publicUri = choosePublicUri({
    user: request.addressOfRecord.user,
    place: context.publicPlace,
    bindingId,
    token: known?.token,
    table: context.table,
    taken,
    randomHex: context.randomHex,
  });
  taken.push({ publicKey: addressOfRecordKey(publicUri.uri), token: publicUri.token });
  return {
    kind: contact.kind,
    contactUri: contact.uri.text,
    publicUri: publicUri.uri.text,
    requestedExpiresSeconds: contact.expiresSeconds,
    preference: contact.preference,
    binding: makeBinding(contact, { planning, bindingId, publicUri, known }),
  };
}

function makeBinding(
  contact: ReadContact,
  from: {
    readonly planning: Planning;
    readonly bindingId: string;
    readonly publicUri: PublicUri;
    readonly known: Binding | undefined;
  },
): Binding {
  const { context, request } = from.planning;
  return {
    bindingId: from.bindingId,
    addressOfRecord: addressOfRecordKey(request.addressOfRecord),
    addressOfRecordUri: detachText(request.addressOfRecord.text),
    contactUri: detachText(contact.uri.text),
    publicUri: from.publicUri.uri.text,
    token: from.publicUri.token,
    source: request.source,
    transport: contactTransport(contact.uri, request.transport),
    target: contactTarget(contact.uri, request.source),
    instanceId: contact.instanceId === undefined ? undefined : detachText(contact.instanceId),
    registerCallId: detachText(request.callId),
    registerCseq: request.cseqNumber,
    registrar: from.known?.registrar,
    expiresAtMs: context.nowMs + PENDING_LIFETIME_MS,
  };
}

/** What the Contact asks for, else what the REGISTER came by; TLS and WebSocket are none of ours. */
function contactTransport(uri: SipUri, arrival: Transport): Transport {
  const written = uriParameter(uri, "transport")?.toLowerCase();
  return written === "udp" || written === "tcp" ? written : arrival;
}

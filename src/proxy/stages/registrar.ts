import { type LocalRegistration, registerLocally } from "../../registrar/register_locally.ts";
import { contactExpires } from "../../sip/contact.ts";
import { getHeader, makeHeader } from "../../sip/headers.ts";
import type { HeaderField } from "../../sip/message.ts";
import type { RequestContext } from "../context.ts";
import { registrarPlace } from "../registrar_place.ts";
import { readRegister, refuseRegister, registrationContext } from "../register_request.ts";
import { reply } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";
import { warnOfStun } from "../stun_sign.ts";

/**
 * Serves a REGISTER as the registrar when it is addressed to us (RFC 3261 §10.3).
 *
 * @param context the run
 * @returns need for a registrar's name, the answer of the built-in registrar, else next
 */
export function serveRegister(context: RequestContext): Verdict {
  if (context.message.method !== "REGISTER") return NEXT;
  const place = registrarPlace(context);
  if (place === "elsewhere") return NEXT;
  return place === "here" ? registerHere(context) : place;
}

function registerHere(context: RequestContext): Verdict {
  const request = readRegister(context);
  const planning = registrationContext(context);
  if (request === undefined || planning === undefined) return reply(context, { statusCode: 400 });
  const registration = registerLocally(request, planning);
  if (!registration.ok) return refuseRegister(registration.error, context);
  warnOfStun(context);
  for (const change of registration.value.changes) {
    context.actions.push({ kind: "binding", change });
  }
  const headers = grantedHeaders(registration.value, context);
  return reply(context, { statusCode: 200, headers, keepActions: "keep" });
}

/** All current bindings with their expiry; an Expires header as siproxd has it: the request's, or the default it implied. */
function grantedHeaders(
  registration: LocalRegistration,
  context: RequestContext,
): readonly HeaderField[] {
  const contacts = registration.granted.map(({ contactUri, expiresSeconds }) =>
    makeHeader("Contact", `<${contactUri}>;expires=${expiresSeconds}`)
  );
  const asked = getHeader(context.message, "expires")?.value;
  const named = context.checked.contacts.contacts;
  const takesDefault = registration.kind === "contacts" &&
    named.some((contact) => contactExpires(contact) === undefined);
  const implied = takesDefault ? `${context.config.sip.defaultExpiresSeconds}` : undefined;
  const seconds = asked ?? implied;
  return seconds === undefined ? contacts : [...contacts, makeHeader("Expires", seconds)];
}

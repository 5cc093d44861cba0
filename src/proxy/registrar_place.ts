import { parseUri, type SipUri } from "../sip/uri.ts";
import type { RequestContext } from "./context.ts";
import { DEFAULT_SIP_PORT, isOwnHostPort } from "./own_address.ts";
import type { Verdict } from "./stage.ts";

/** Whose a REGISTER is, or the need for the name that tells. */
export type RegistrarPlace = "here" | "elsewhere" | Extract<Verdict, { kind: "need" }>;

/**
 * Tells whether a REGISTER is addressed to us (RFC 3261 §10.3).
 *
 * A registrar's name may resolve to ourselves (a dynamic DNS name of this router), so it is looked up first.
 *
 * @param context a run of a REGISTER
 * @returns the place, or a need
 */
export function registrarPlace(context: RequestContext): RegistrarPlace {
  const uri = parseUri(context.message.requestUri);
  return uri.ok && uri.value.kind === "sip" ? placeOf(uri.value, context) : "elsewhere";
}

function placeOf(uri: SipUri, context: RequestContext): RegistrarPlace {
  if (isOwnHostPort(uri, context.env)) return "here";
  const { host, port = DEFAULT_SIP_PORT } = uri;
  const query = { host, port, transport: undefined, method: "address" } as const;
  const isUnknown = context.env.lookUp(query).kind === "unknown";
  return isUnknown ? { kind: "need", need: { kind: "host", query } } : "elsewhere";
}

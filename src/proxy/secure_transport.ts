import { type SipUri, uriParameter } from "../sip/uri.ts";

/** Transports that we do not speak and must not weaken to one that we do. */
const SECURE_TRANSPORTS: ReadonlySet<string> = new Set(["tls", "ws", "wss", "tls-sctp", "sctp"]);

/**
 * Tells a URI that asks for a transport which we do not speak: it is refused, never sent in the clear (RFC 3261 §26.2.2).
 *
 * @param uri of a Route or a Request-URI; its scheme is another matter for the latter, where `sips` is 416
 * @returns true when the transport parameter names TLS, WebSocket or SCTP
 */
export function asksOtherTransport(uri: SipUri): boolean {
  const transport = uriParameter(uri, "transport")?.toLowerCase();
  return transport !== undefined && SECURE_TRANSPORTS.has(transport);
}

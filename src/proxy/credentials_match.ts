import type { DigestCredentials } from "../auth/credentials.ts";
import type { NonceRecord } from "../auth/nonce_counts.ts";
import { sameHost } from "../sip/host_port.ts";
import { type AnyUri, parseUri, sameAddressOfRecord, unescapeUri } from "../sip/uri.ts";
import { requestName } from "./challenge.ts";
import type { RequestContext } from "./context.ts";

/** Digits of a nonce count. */
const HEXADECIMAL = 16;

/**
 * Tells whether credentials were made for this Request-URI (RFC 7616 §3.4.6); a phone may leave the default port or
 * parameters out.
 *
 * @param uri of the credentials
 * @param context the run
 * @returns false for credentials that were made for another target
 */
export function isForThisUri(uri: string, context: RequestContext): boolean {
  const { requestUri } = context.checked;
  if (uri === requestUri.text || uri === context.message.requestUri) return true;
  const parsed = parseUri(uri);
  return parsed.ok && sameAddressOfRecord(parsed.value, requestUri);
}

/**
 * Tells whether an account may change a binding: its own ones only (RFC 3261 §10.3 step 4).
 *
 * @param username as authenticated
 * @param addressOfRecord URI of To
 * @returns true when the username is the user part of To, or `user@host` of it
 */
export function mayRegister(username: string, addressOfRecord: AnyUri): boolean {
  if (addressOfRecord.kind !== "sip") return username === addressOfRecord.opaque;
  const user = unescapeUri(addressOfRecord.user ?? "");
  if (username === user) return true;
  const at = username.lastIndexOf("@");
  return at >= 0 && username.slice(0, at) === user &&
    sameHost(username.slice(at + 1), addressOfRecord.host);
}

/**
 * Tells what a request uses of its nonce.
 *
 * A client of before qop has no count: it may use its nonce again within its own Call-ID, which its REGISTERs share.
 *
 * @param context the run
 * @param credentials right ones
 * @returns count and name of the use
 */
export function nonceUse(context: RequestContext, credentials: DigestCredentials): NonceRecord {
  const { protection } = credentials;
  if (protection !== undefined) {
    const count = parseInt(protection.nonceCount, HEXADECIMAL);
    return { count, request: requestName(context) };
  }
  return { count: 0, request: context.env.keyedHash(`call\n${context.checked.callId}`) };
}

import { err, ok, type Result } from "../base/result.ts";
import { excerpt } from "./excerpt.ts";
import { countListElements, firstListElement } from "./comma_list.ts";
import { type Contacts, parseContacts } from "./contact.ts";
import { type Cseq, parseCseq } from "./cseq.ts";
import { MAX_VIAS } from "./limits.ts";
import type { SipMessage, SipRequest, SipResponse } from "./message.ts";
import { type NameAddr, nameAddrTag, parseNameAddr } from "./name_addr.ts";
import { countParameter } from "./parameters.ts";
import { type AnyUri, parseUri } from "./uri.ts";
import { parseVia, type Via } from "./via.ts";

/** The headers that every message must have, decoded once. */
export interface CheckedHeaders {
  /** The first of all Via elements. */
  readonly topmostVia: Via;
  /** Via elements of all lines. */
  readonly viaCount: number;
  /** Who began the dialog. */
  readonly from: NameAddr;
  /** Whom it is with. */
  readonly to: NameAddr;
  /** As written. */
  readonly callId: string;
  /** Number and method. */
  readonly cseq: Cseq;
  /** Tag of From; undefined when it is empty or missing. */
  readonly fromTag: string | undefined;
  /** Tag of To; undefined when it is empty or missing. */
  readonly toTag: string | undefined;
}

/** A request that may be processed. */
export interface CheckedRequest extends CheckedHeaders {
  /** The tag. */
  readonly kind: "request";
  /** The request. */
  readonly message: SipRequest;
  /** The Request-URI, decoded. */
  readonly requestUri: AnyUri;
  /** All its Contacts. */
  readonly contacts: Contacts;
}

/** A response that may be processed; its Contacts are parsed by those who rewrite them. */
export interface CheckedResponse extends CheckedHeaders {
  /** The tag. */
  readonly kind: "response";
  /** The response. */
  readonly message: SipResponse;
  /** A response has none. */
  readonly requestUri: undefined;
  /** They are parsed by those who rewrite them. */
  readonly contacts: undefined;
}

/** A message with its mandatory headers decoded. */
export type CheckedMessage = CheckedRequest | CheckedResponse;

/** Why a message cannot be processed: a request gets the code, a response is dropped. */
export interface CheckFailure {
  readonly statusCode: 400;
  readonly reason: string;
}

/** Headers that may stand once only, and on whose value some element acts (RFC 3261 §7.3.1, RFC 4475 §3.3.8). */
const SINGLE_HEADERS: ReadonlyMap<string, number> = new Map(
  [
    "from",
    "to",
    "call-id",
    "cseq",
    "max-forwards",
    "content-length",
    "content-type",
    "expires",
    "event",
    "refer-to",
    "replaces",
    "session-expires",
    "min-se",
  ].map((key, index) => [key, 1 << index]),
);

interface MandatoryValues {
  readonly via: string;
  readonly viaCount: number;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: string;
}

/**
 * Checks what RFC 3261 §16.3 step 1 calls reasonable syntax, and decodes what every stage needs, each header once.
 *
 * Via, From, To, Call-ID and CSeq must be there and well formed, headers of one value must not be repeated, the CSeq
 * method must be the request's, the Request-URI a URI without header part, and a request's Contacts well formed.
 * Other schemes than sip pass here: a 416 is the proxy's business.
 *
 * @param message a parsed message
 * @returns the decoded headers, or the reason for a 400
 */
export function checkMessage(message: SipMessage): Result<CheckedMessage, CheckFailure> {
  const values = collectValues(message);
  if (!values.ok) return failure(values.error);
  const headers = decodeHeaders(values.value);
  if (!headers.ok) return failure(headers.error);
  if (message.kind === "response") {
    const { value } = headers;
    return ok({ kind: "response", message, ...value, requestUri: undefined, contacts: undefined });
  }
  return checkRequest(message, headers.value);
}

function checkRequest(
  message: SipRequest,
  headers: CheckedHeaders,
): Result<CheckedRequest, CheckFailure> {
  const { method } = message;
  if (headers.cseq.method !== method) {
    return failure(
      `Cannot use CSeq: method ${excerpt(headers.cseq.method)} in a ${excerpt(method)} request`,
    );
  }
  const requestUri = parseUri(message.requestUri);
  if (!requestUri.ok) return failure(`Cannot use Request-URI: ${requestUri.error}`);
  if (requestUri.value.kind === "sip" && requestUri.value.headers !== undefined) {
    return failure("Cannot use Request-URI: header part is not allowed");
  }
  const contacts = parseContacts(message);
  if (!contacts.ok) return failure(contacts.error);
  return ok({
    kind: "request",
    message,
    ...headers,
    requestUri: requestUri.value,
    contacts: contacts.value,
  });
}

function collectValues(message: SipMessage): Result<MandatoryValues> {
  let via: string | undefined, from: string | undefined, to: string | undefined;
  let callId: string | undefined, cseq: string | undefined;
  let seen = 0, viaCount = 0;
  for (const { key, value } of message.headers) {
    if (key === "via") {
      via ??= value;
      viaCount += countListElements(value);
      continue;
    }
    const bit = SINGLE_HEADERS.get(key);
    if (bit === undefined) continue;
    if ((seen & bit) !== 0) return err(`Cannot use message: more than one ${key}`);
    seen |= bit;
    if (key === "from") from = value;
    else if (key === "to") to = value;
    else if (key === "call-id") callId = value;
    else if (key === "cseq") cseq = value;
  }
  if (via === undefined) return err("Cannot use message: missing Via");
  const mostVias = message.kind === "response" ? MAX_VIAS + 1 : MAX_VIAS;
  if (viaCount > mostVias) return err(`Cannot use message: more than ${mostVias} Via`);
  if (from === undefined) return err("Cannot use message: missing From");
  if (to === undefined) return err("Cannot use message: missing To");
  if (callId === undefined) return err("Cannot use message: missing Call-ID");
  if (cseq === undefined) return err("Cannot use message: missing CSeq");
  return ok({ via, viaCount, from, to, callId, cseq });
}

function decodeHeaders(values: MandatoryValues): Result<CheckedHeaders> {
  const topmostVia = parseVia(firstListElement(values.via));
  if (!topmostVia.ok) return topmostVia;
  const cseq = parseCseq(values.cseq);
  if (!cseq.ok) return cseq;
  const from = parseParty("From", values.from);
  if (!from.ok) return from;
  const to = parseParty("To", values.to);
  if (!to.ok) return to;
  if (!isCallId(values.callId)) return err("Cannot parse Call-ID: empty, or a blank inside");
  return ok({
    topmostVia: topmostVia.value,
    viaCount: values.viaCount,
    from: from.value,
    to: to.value,
    callId: values.callId,
    cseq: cseq.value,
    fromTag: nameAddrTag(from.value),
    toTag: nameAddrTag(to.value),
  });
}

/** Two tags would let two elements see two dialogs in one message. */
function parseParty(name: "From" | "To", value: string): Result<NameAddr> {
  const party = parseNameAddr(value);
  if (!party.ok) return err(`Cannot parse ${name}: ${party.error}`);
  if (countParameter(party.value.parameters, "tag") > 1) {
    return err(`Cannot parse ${name}: more than one tag`);
  }
  return party;
}

function isCallId(text: string): boolean {
  if (text.length === 0) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return false;
  }
  return true;
}

function failure(reason: string): Result<never, CheckFailure> {
  return err({ statusCode: 400, reason });
}

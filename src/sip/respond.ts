import { err, ok, type Result } from "../base/result.ts";
import { elementEnd } from "./comma_list.ts";
import { getHeader, makeHeader } from "./headers.ts";
import type { HeaderField, SipRequest, SipResponse } from "./message.ts";
import { findParameter } from "./parameters.ts";
import { parseNameAddr } from "./name_addr.ts";
import { trimBlanks } from "./scan.ts";
import { reasonPhrase } from "./status.ts";

/** What an own response says. */
export interface ResponseOptions {
  /** 100 … 699. */
  readonly statusCode: number;
  /** The registered phrase when left out. */
  readonly reasonPhrase?: string | undefined;
  /** Put on the To field when that has no tag; undefined for 100 only (RFC 3261 §8.2.6.2). */
  readonly toTag: string | undefined;
  /** Further fields, written before Content-Length. */
  readonly headers?: readonly HeaderField[] | undefined;
  /** Text of the topmost Via element, with received and rport filled in (RFC 3581 §4). */
  readonly via?: string | undefined;
}

const CONTENT_LENGTH_ZERO: HeaderField = Object.freeze(makeHeader("Content-Length", "0"));

/**
 * Builds a response by RFC 3261 §8.2.6: Vias in order, From, To with a tag, Call-ID and CSeq as received, no body.
 *
 * Timestamp is copied into a 100 alone (§8.2.6.1). A To field that cannot be parsed gets no tag.
 *
 * @param request the request to answer; never an ACK
 * @param options status, tag and further fields
 * @returns the response
 */
export function buildResponse(request: SipRequest, options: ResponseOptions): SipResponse {
  const phrase = options.reasonPhrase ?? reasonPhrase(options.statusCode);
  const headers = copyVias(request, options.via);
  for (const key of ["from", "to", "call-id", "cseq"]) {
    const field = getHeader(request, key);
    if (field === undefined) continue;
    headers.push(key === "to" ? withToTag(field, options.toTag) : field);
  }
  const timestamp = options.statusCode === 100 ? getHeader(request, "timestamp") : undefined;
  if (timestamp !== undefined) headers.push(timestamp);
  headers.push(...options.headers ?? [], CONTENT_LENGTH_ZERO);
  return {
    kind: "response",
    statusCode: options.statusCode,
    reasonPhrase: phrase,
    startLine: `SIP/2.0 ${options.statusCode} ${phrase}`,
    headers,
    body: "",
  };
}

function copyVias(request: SipRequest, topmost: string | undefined): HeaderField[] {
  const vias = request.headers.filter((field) => field.key === "via");
  const [first, ...others] = vias;
  if (topmost === undefined || first === undefined) return vias;
  const rest = trimBlanks(first.value.slice(elementEnd(first.value, 0) + 1));
  const value = rest === "" ? topmost : `${topmost}, ${rest}`;
  return [makeHeader(first.name, value), ...others];
}

function withToTag(field: HeaderField, tag: string | undefined): HeaderField {
  if (tag === undefined) return field;
  const to = parseNameAddr(field.value);
  if (!to.ok || findParameter(to.value.parameters, "tag") !== undefined) return field;
  return makeHeader(field.name, `${field.value};tag=${tag}`);
}

/**
 * Builds the one stateless answer to a malformed request, when what is left of it allows one.
 *
 * @param partial the `partial` of a SipParseError, or a request that failed checkMessage
 * @param options as for buildResponse
 * @returns the response; an error for ACK and when Via, From, To, Call-ID or CSeq is missing
 */
export function buildMalformedResponse(
  partial: SipRequest,
  options: ResponseOptions,
): Result<SipResponse> {
  if (partial.method === "ACK") return err("Cannot answer request: ACK is never answered");
  for (const key of ["via", "from", "to", "call-id", "cseq"]) {
    const value = getHeader(partial, key)?.value;
    if (value === undefined || value === "") return err(`Cannot answer request: missing ${key}`);
  }
  return ok(buildResponse(partial, options));
}

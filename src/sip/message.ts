/**
 * SIP messages as RFC 3261 writes them: types, parsers, list edits and the serializer, one noun a file.
 * It keeps every header field as it was received and decodes only what is asked for; it never reads a clock, opens a
 * socket, decides where a message goes or throws on input.
 * The proxy, the registrar and the plugins call it; it calls only src/base.
 *
 * @module
 */

/** One header field; `line` is what goes out again when nobody changes it. */
export interface HeaderField {
  /** Canonical long name in lower case, compact forms expanded: `via`, `call-id`, `x-unknown`. */
  readonly key: string;
  /** The name as written. */
  readonly name: string;
  /** The value, unfolded and trimmed. */
  readonly value: string;
  /** The field as received with its folds, without the final CRLF. */
  readonly line: string;
}

/** A request; texts hold one character a byte (latin1), so that serialising loses nothing. */
export interface SipRequest {
  /** The tag. */
  readonly kind: "request";
  /** As written; methods are told apart by case (RFC 3261 §7.1). */
  readonly method: string;
  /** The Request-URI as written. */
  readonly requestUri: string;
  /** The first line without its CRLF. */
  readonly startLine: string;
  /** All header fields in their order. */
  readonly headers: readonly HeaderField[];
  /** What follows the empty line. */
  readonly body: string;
}

/** A response; texts hold one character a byte (latin1). */
export interface SipResponse {
  /** The tag. */
  readonly kind: "response";
  /** 100 … 699. */
  readonly statusCode: number;
  /** As written; it may be empty. */
  readonly reasonPhrase: string;
  /** The first line without its CRLF. */
  readonly startLine: string;
  /** All header fields in their order. */
  readonly headers: readonly HeaderField[];
  /** What follows the empty line. */
  readonly body: string;
}

/** Either kind of message. */
export type SipMessage = SipRequest | SipResponse;

import { decodeLatin1 } from "../base/text.ts";
import { err, ok, type Result } from "../base/result.ts";
import { parseContentLength } from "./content_length.ts";
import { forbiddenAt, type HeaderSection, scanHeaderSection } from "./header_section.ts";
import { MAX_MESSAGE_LENGTH_BYTES } from "./limits.ts";
import type { SipMessage, SipRequest } from "./message.ts";
import { type Fault, parseStartLine, type RequestLine, type StatusLine } from "./start_line.ts";

/** How the octets of a message were delimited: by the datagram, or by Content-Length on a stream (RFC 3261 §18.3). */
export type Framing = "datagram" | "stream";

/** Why octets are no message, and what is left to answer with. */
export interface SipParseError {
  /** `not-sip` is never answered; `malformed` may be, when `partial` is there. */
  readonly kind: "not-sip" | "malformed";
  /** One line in our error wording. */
  readonly reason: string;
  readonly statusCode: 400 | 413 | 414 | 505;
  /** A malformed request with the headers that could be read, for one stateless answer; undefined for responses. */
  readonly partial: SipRequest | undefined;
}

type SipStartLine = RequestLine | StatusLine;

/**
 * Parses one message in linear time; never throws on input.
 *
 * In a datagram the octets after Content-Length are ignored (RFC 4475 §3.1.1.8), a missing Content-Length means "up to
 * the end" (RFC 3261 §18.3), and a missing empty line after the headers is forgiven. On a stream none of that is.
 *
 * @param data the datagram, or one message of the stream framer
 * @param framing where the octets come from
 * @returns the message, or the reason with the status code for a stateless answer
 * @example The smallest question
 * ```ts
 * import { encodeLatin1 } from "../base/text.ts";
 * import { parseMessage } from "./parse_message.ts";
 * const parsed = parseMessage(encodeLatin1("OPTIONS sip:a.example SIP/2.0\r\nl: 0\r\n\r\n"), "datagram");
 * if (!parsed.ok || parsed.value.headers[0]?.key !== "content-length") throw new Error("unexpected");
 * ```
 */
export function parseMessage(
  data: Uint8Array,
  framing: Framing,
): Result<SipMessage, SipParseError> {
  const isTooLarge = data.length > MAX_MESSAGE_LENGTH_BYTES;
  const text = decodeLatin1(isTooLarge ? data.subarray(0, MAX_MESSAGE_LENGTH_BYTES) : data);
  const start = skipLineEnds(text);
  const lineEnd = text.indexOf("\n", start);
  if (lineEnd < 0) return notSip("no line end");
  const hasCr = lineEnd > start && text.charCodeAt(lineEnd - 1) === 0x0d;
  const line = text.slice(start, hasCr ? lineEnd - 1 : lineEnd);
  const startLine = parseStartLine(line);
  if (startLine.kind === "foreign") return notSip("first line is no SIP start line");
  // A start line has no quoted-strings, so that no backslash makes a NUL legal there.
  if (forbiddenAt(line) >= 0 || line.indexOf("\0") >= 0) {
    return malformed(fault("Cannot parse start line: bare CR or NUL"));
  }
  const section = scanHeaderSection(text, lineEnd + 1);
  const body = isTooLarge ? tooLarge() : readBody(text, { section, framing });
  const firstFault = startLine.fault ?? (isTooLarge ? tooLarge() : sectionFault(section, framing));
  if (firstFault !== undefined || typeof body !== "string") {
    const partial = partialRequest(startLine, { line, section });
    return malformed(firstFault ?? (typeof body === "string" ? tooLarge() : body), partial);
  }
  return ok(buildMessage(startLine, { line, section, body }));
}

/** RFC 3261 §7.5: line ends before the start line are ignored. */
function skipLineEnds(text: string): number {
  let at = 0;
  while (text.charCodeAt(at) === 0x0d || text.charCodeAt(at) === 0x0a) at++;
  return at;
}

function sectionFault(section: HeaderSection, framing: Framing): Fault | undefined {
  if (section.problem !== undefined) return fault(section.problem);
  if (section.end === "end-of-text" && framing === "stream") {
    return fault("Cannot parse header section: missing empty line");
  }
  return undefined;
}

interface BodyInput {
  readonly section: HeaderSection;
  readonly framing: Framing;
}

/** Gives the body, or what is wrong with its length. */
function readBody(text: string, input: BodyInput): string | Fault {
  const { headers, bodyStart } = input.section;
  const fields = headers.filter((field) => field.key === "content-length");
  const [field] = fields;
  const availableBytes = text.length - bodyStart;
  if (field === undefined) {
    if (input.framing === "datagram") return text.slice(bodyStart);
    return fault("Cannot find end of message: missing Content-Length");
  }
  if (fields.length > 1) return fault("Cannot find end of message: more than one Content-Length");
  const length = parseContentLength(field.value);
  if (!length.ok) return fault(length.error);
  if (length.value > availableBytes) {
    return fault(`Cannot read body: ${availableBytes} octets of ${length.value}`);
  }
  if (input.framing === "stream" && length.value < availableBytes) {
    return fault(`Cannot read body: ${availableBytes} octets instead of ${length.value}`);
  }
  return text.slice(bodyStart, bodyStart + length.value);
}

interface MessageParts {
  readonly line: string;
  readonly section: HeaderSection;
  readonly body: string;
}

/** RFC 3261 §7.1: the version is read in any case and written in upper case. */
function buildMessage(startLine: SipStartLine, parts: MessageParts): SipMessage {
  const { section: { headers }, body } = parts;
  if (startLine.kind === "request-line") {
    const { method, requestUri } = startLine;
    const line = parts.line.endsWith("SIP/2.0") ? parts.line : `${method} ${requestUri} SIP/2.0`;
    return { kind: "request", method, requestUri, startLine: line, headers, body };
  }
  const { statusCode, reasonPhrase } = startLine;
  const line = parts.line.startsWith("SIP/2.0") ? parts.line : `SIP/2.0${parts.line.slice(7)}`;
  return { kind: "response", statusCode, reasonPhrase, startLine: line, headers, body };
}

function partialRequest(
  startLine: SipStartLine,
  parts: Omit<MessageParts, "body">,
): SipRequest | undefined {
  if (startLine.kind === "status-line") return undefined;
  const { method, requestUri } = startLine;
  const { headers } = parts.section;
  return { kind: "request", method, requestUri, startLine: parts.line, headers, body: "" };
}

function notSip(why: string): Result<never, SipParseError> {
  const reason = `Cannot parse message: ${why}`;
  return err({ kind: "not-sip", reason, statusCode: 400, partial: undefined });
}

function malformed(first: Fault, partial?: SipRequest): Result<never, SipParseError> {
  return err({ kind: "malformed", reason: first.reason, statusCode: first.statusCode, partial });
}

function fault(reason: string): Fault {
  return { statusCode: 400, reason };
}

function tooLarge(): Fault {
  return {
    statusCode: 413,
    reason: `Cannot parse message: longer than ${MAX_MESSAGE_LENGTH_BYTES} octets`,
  };
}

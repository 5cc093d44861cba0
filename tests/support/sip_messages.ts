import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { serializeMessage } from "../../src/sip/serialize_message.ts";

/**
 * Joins lines to the octets of a message: CRLF after each, an empty line, then the body as it is.
 *
 * @param lines start line and header lines
 * @param body latin1 text
 * @returns the octets
 */
export function wire(lines: readonly string[], body = ""): Uint8Array<ArrayBuffer> {
  return encodeLatin1(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Parses lines that must be a message.
 *
 * @param lines start line and header lines
 * @param body latin1 text
 * @returns the message
 * @throws Error when they are none
 */
export function messageOf(lines: readonly string[], body = ""): SipMessage {
  const parsed = parseMessage(wire(lines, body), "datagram");
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
}

/**
 * Parses lines that must be a request.
 *
 * @param lines request line and header lines
 * @param body latin1 text
 * @returns the request
 * @throws Error when they are none
 */
export function requestOf(lines: readonly string[], body = ""): SipRequest {
  const message = messageOf(lines, body);
  if (message.kind !== "request") throw new Error("Cannot use lines: no request");
  return message;
}

/**
 * Parses lines that must be a response.
 *
 * @param lines status line and header lines
 * @param body latin1 text
 * @returns the response
 * @throws Error when they are none
 */
export function responseOf(lines: readonly string[], body = ""): SipResponse {
  const message = messageOf(lines, body);
  if (message.kind !== "response") throw new Error("Cannot use lines: no response");
  return message;
}

/**
 * Serialises a message and splits it into its lines, without the empty line and the body.
 *
 * @param message any message
 * @returns start line and header lines as they go out
 */
export function linesOf(message: SipMessage): readonly string[] {
  const text = decodeLatin1(serializeMessage(message));
  return text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
}

import { encodeShared } from "../base/text.ts";
import { forbiddenAt } from "./header_section.ts";
import type { HeaderField, SipMessage } from "./message.ts";

/**
 * Writes a message: start line, header lines, empty line, body, in the order and spelling they have.
 *
 * Header fields that nobody changed go out byte for byte. Nothing is added or reordered here. Text that would start a
 * new line by itself must never reach this point (R9), so it is a bug and throws.
 *
 * @param message the message to write
 * @returns the octets for one datagram or for the stream
 * @throws Error when a field holds a bare CR, LF or NUL
 * @example What comes in goes out
 * ```ts
 * import { encodeShared } from "../base/text.ts";
 * import { parseMessage } from "./parse_message.ts";
 * import { serializeMessage } from "./serialize_message.ts";
 * const wire = encodeShared("SIP/2.0 200 OK\r\nl :0\r\n\r\n");
 * const parsed = parseMessage(wire, "datagram");
 * if (!parsed.ok || serializeMessage(parsed.value).length !== wire.length) throw new Error("unexpected");
 * ```
 */
export function serializeMessage(message: SipMessage): Uint8Array<ArrayBuffer> {
  checkStartLine(message.startLine);
  let text = `${message.startLine}\r\n`;
  for (const field of message.headers) {
    checkField(field);
    text += `${field.line}\r\n`;
  }
  return encodeShared(`${text}\r\n${message.body}`);
}

function checkStartLine(line: string): void {
  if (line.indexOf("\r") < 0 && line.indexOf("\n") < 0 && line.indexOf("\0") < 0) return;
  throw new Error(`Cannot serialize start line ${JSON.stringify(line)}: holds CR, LF or NUL`);
}

function checkField(field: HeaderField): void {
  const { line, value } = field;
  const isBroken = value.indexOf("\n") >= 0 || value.indexOf("\r") >= 0 ||
    (line.indexOf("\n") >= 0 && !hasOnlyFolds(line)) || forbiddenAt(line) >= 0;
  if (!isBroken) return;
  throw new Error(`Cannot serialize header ${JSON.stringify(line)}: holds bare CR, LF or NUL`);
}

/** Every line end inside a field must be CRLF with a blank behind it (RFC 3261 §7.3.1). */
function hasOnlyFolds(line: string): boolean {
  for (let at = line.indexOf("\n"); at >= 0; at = line.indexOf("\n", at + 1)) {
    const next = line.charCodeAt(at + 1);
    if (line.charCodeAt(at - 1) !== 0x0d || (next !== 0x20 && next !== 0x09)) return false;
  }
  return true;
}

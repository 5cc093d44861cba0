import { err, ok, type Result } from "../base/result.ts";
import { type CheckedRequest, checkMessage } from "../sip/check_message.ts";
import { headerValue, withBody } from "../sip/headers.ts";
import { MAX_HEADERS, MAX_MESSAGE_LENGTH_BYTES } from "../sip/limits.ts";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.ts";
import { isOneLine, soundField } from "./check_field.ts";
import type { RequestEvent, ResponseEvent } from "./hooks.ts";

/**
 * Takes a request that a plugin changed, if it still is one that may be sent.
 *
 * @param event the request as it was
 * @param message as the plugin left it
 * @returns the event with the new message and its headers decoded anew, or what is wrong with it
 */
export function changeRequest(event: RequestEvent, message: SipRequest): Result<RequestEvent> {
  const sound = soundMessage(event.message, message);
  if (!sound.ok) return sound;
  if (keepsDecoded(event.message, sound.value)) {
    return ok(withRequest(event, { ...event.checked, message: sound.value }));
  }
  const checked = checkMessage(sound.value);
  if (!checked.ok) return err(checked.error.reason);
  if (checked.value.kind !== "request") return err("Cannot use message: it is no request any more");
  return ok(withRequest(event, checked.value));
}

/** Field by field: the direction of an event may be one that is found when it is read. */
function withRequest(event: RequestEvent, checked: CheckedRequest): RequestEvent {
  const { kind, source, side, transport, direction, nextHop } = event;
  const { message } = checked;
  return { kind, message, checked, source, side, transport, direction, nextHop };
}

/**
 * The same for a response.
 *
 * @param event the response as it was
 * @param message as the plugin left it
 * @returns the event with the new message, or what is wrong with it
 */
export function changeResponse(event: ResponseEvent, message: SipResponse): Result<ResponseEvent> {
  const sound = soundMessage(event.message, message);
  if (!sound.ok) return sound;
  if (keepsDecoded(event.message, sound.value)) {
    const checked = { ...event.checked, message: sound.value };
    return ok({ ...event, message: sound.value, checked });
  }
  const checked = checkMessage(sound.value);
  if (!checked.ok) return err(checked.error.reason);
  if (checked.value.kind !== "response") {
    return err("Cannot use message: it is no response any more");
  }
  return ok({ ...event, message: checked.value.message, checked: checked.value });
}

/** Headers that `checkMessage` decodes. */
const DECODED: ReadonlySet<string> = new Set(["via", "from", "to", "call-id", "cseq", "contact"]);

/** Most changes take a header out or rewrite a body; then nothing has to be decoded a second time. */
function keepsDecoded(before: SipMessage, after: SipMessage): boolean {
  if (after.kind !== before.kind || after.startLine !== before.startLine) return false;
  if (after.kind === "request" && before.kind === "request") {
    if (after.method !== before.method || after.requestUri !== before.requestUri) return false;
  }
  let at = 0;
  for (const field of before.headers) {
    const kept = after.headers[at];
    if (kept === field) at++;
    else if (DECODED.has(field.key)) return false;
    else if (kept?.key === field.key) at++;
  }
  return at === after.headers.length;
}

/**
 * R9: nothing that a plugin writes may begin another line; what was there before needs no second look. The message is
 * copied: its fields are read once, and what was looked at is what is sent.
 */
function soundMessage<Message extends SipMessage>(
  before: SipMessage,
  given: Message,
): Result<Message> {
  const copy = { ...given };
  if (!isWhole(copy) || copy.kind !== before.kind) {
    return err("Cannot use message: it is not a SIP message");
  }
  const headers = soundHeaders(before.headers, copy.headers);
  if (!headers.ok) return headers;
  const after = { ...copy, headers: headers.value };
  if (after.startLine !== before.startLine && !isOneLine(after.startLine)) {
    return err("Cannot use message: control character in its first line");
  }
  if (after.body === before.body) return ok(after);
  if (after.body.length > MAX_MESSAGE_LENGTH_BYTES || !isLatin1(after.body)) {
    return err("Cannot use message: its body is too long or no latin1 text");
  }
  const isCounted = headerValue(after, "content-length") === `${after.body.length}`;
  return ok(isCounted ? after : withBody(after, after.body));
}

function soundHeaders(
  before: readonly HeaderField[],
  given: readonly HeaderField[],
): Result<readonly HeaderField[]> {
  const after: HeaderField[] = [];
  let at = 0;
  for (const field of given) {
    if (after.length >= MAX_HEADERS) return err(`Cannot use message: over ${MAX_HEADERS} headers`);
    // Most fields stand where they stood, but for those that were taken out before them.
    const found = before.indexOf(field, at);
    if (found >= 0) at = found + 1;
    const sound = found >= 0 || before.includes(field) ? field : soundField(field);
    if (sound === undefined) return err("Cannot use message: control character in a header");
    after.push(sound);
  }
  return ok(after);
}

/** Plugins in plain JavaScript are not held to the types. */
function isWhole(message: SipMessage): boolean {
  const { headers, body, startLine } = message;
  if (!Array.isArray(headers) || typeof body !== "string" || typeof startLine !== "string") {
    return false;
  }
  switch (message.kind) {
    case "request":
      return typeof message.method === "string" && typeof message.requestUri === "string";
    case "response":
      return typeof message.statusCode === "number" && typeof message.reasonPhrase === "string";
    default:
      return false;
  }
}

function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 255) return false;
  return true;
}

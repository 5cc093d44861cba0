import { headerValue, setHeader } from "../sip/headers.ts";
import type { SipMessage } from "../sip/message.ts";
import { fromTag } from "../sip/tags.ts";

/** siproxd's mark in a Call-ID that it obscured; the From tag of the call's first request follows. */
const MARKER = "-siproxd";

/**
 * Writes the mark into a Call-ID, before its host part.
 *
 * @param callId such as `abc@host`
 * @param tag From tag of the request that began the call
 * @returns `abc-siproxd<tag>@host`; a mark that another siproxd behind us made stays before ours
 */
export function obscureCallId(callId: string, tag: string): string {
  const at = callId.lastIndexOf("@");
  const end = at < 0 ? callId.length : at;
  return `${callId.slice(0, end)}${MARKER}${tag}${callId.slice(end)}`;
}

/**
 * Takes the mark off what comes from outside (`obscure_loops`), so that all stages see the phone's own Call-ID.
 *
 * A request whose mark is its own From tag came straight back to us: its second leg keeps the mark, which is what lets
 * a switch outside tell the two legs of a call between two phones apart.
 *
 * @param message a message as received
 * @returns the message itself when there is nothing to take off
 */
export function revealCallId<Message extends SipMessage>(message: Message): Message {
  const callId = headerValue(message, "call-id");
  const start = callId?.lastIndexOf(MARKER) ?? -1;
  const isRegister = headerValue(message, "cseq")?.endsWith("REGISTER") ?? false;
  if (callId === undefined || start < 0 || isRegister) return message;
  const at = callId.lastIndexOf("@");
  const end = at < start ? callId.length : at;
  const tag = callId.slice(start + MARKER.length, end);
  if (message.kind === "request" && tag === fromTag(message)) return message;
  return setHeader(message, "Call-ID", callId.slice(0, start) + callId.slice(end));
}

/**
 * Tells whether a Call-ID bears a mark.
 *
 * @param callId any Call-ID
 * @returns true when some siproxd has obscured it
 */
export function isObscured(callId: string): boolean {
  return callId.includes(MARKER);
}

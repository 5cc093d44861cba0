import { listValues, removeHeaders, setHeader } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";

/** Headers that name another call by its Call-ID and then have parameters (RFC 3891, RFC 3911, RFC 4538). */
const CALL_REFERENCES = ["replaces", "join", "target-dialog"] as const;

/** Their names as they are written. */
const NAMES: Readonly<Record<string, string>> = {
  "replaces": "Replaces",
  "join": "Join",
  "target-dialog": "Target-Dialog",
};

/**
 * Changes every Call-ID of a message: its own and those of the calls that it speaks of.
 *
 * @param message the message
 * @param change gives the new Call-ID
 * @returns the same object when nothing changed
 */
export function editCallIds<Message extends SipMessage>(
  message: Message,
  change: (callId: string) => string,
): Message {
  let edited = message;
  for (const { key, name, value } of message.headers) {
    if (key !== "call-id") continue;
    const changed = change(value);
    if (changed !== value) edited = setHeader(edited, name, changed);
  }
  for (const key of CALL_REFERENCES) edited = editReference(edited, { key, change });
  edited = editReferTo(edited, change);
  return editInReplyTo(edited, change);
}

interface Reference {
  readonly key: string;
  readonly change: (callId: string) => string;
}

function editReference<Message extends SipMessage>(message: Message, job: Reference): Message {
  const value = message.headers.find(({ key }) => key === job.key)?.value;
  if (value === undefined) return message;
  const semicolon = value.indexOf(";");
  const callId = (semicolon < 0 ? value : value.slice(0, semicolon)).trimEnd();
  const changed = job.change(callId);
  if (changed === callId) return message;
  return setHeader(message, NAMES[job.key] ?? job.key, changed + value.slice(callId.length));
}

/** Several Call-IDs (RFC 3261 §20.21); commas cannot stand in one. */
function editInReplyTo<Message extends SipMessage>(
  message: Message,
  change: (callId: string) => string,
): Message {
  const before = listValues(message, "in-reply-to");
  const after = before.map(change);
  if (after.every((callId, index) => callId === before[index])) return message;
  return setHeader(removeHeaders(message, "in-reply-to"), "In-Reply-To", after.join(", "));
}

/** `?Replaces=…` in a Refer-To is escaped (RFC 3891 §6): `%40` is the at sign, `%3B` begins the parameters. */
function editReferTo<Message extends SipMessage>(
  message: Message,
  change: (callId: string) => string,
): Message {
  const value = message.headers.find(({ key }) => key === "refer-to")?.value;
  if (value === undefined) return message;
  const lower = value.toLowerCase();
  const begin = lower.indexOf("replaces=");
  if (begin < 0) return message;
  const from = begin + "replaces=".length;
  const rest = lower.slice(from);
  const ends = ["%3b", ";", "&", ">", "?"].map((mark) => rest.indexOf(mark)).filter((at) =>
    at >= 0
  );
  const to = ends.length === 0 ? value.length : from + Math.min(...ends);
  const escaped = value.slice(from, to);
  const callId = escaped.replace("%40", "@");
  const changed = change(callId);
  if (changed === callId) return message;
  const written = changed.replace("@", "%40");
  return setHeader(message, "Refer-To", value.slice(0, from) + written + value.slice(to));
}

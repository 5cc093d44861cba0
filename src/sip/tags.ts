import { headerValue } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { quotedStringEnd } from "./scan.ts";
import { findParameter, parseParameters } from "./parameters.ts";

/**
 * Reads the tag of the From field without parsing the address (RFC 3261 §19.3).
 *
 * @param message any message
 * @returns undefined when there is no From, no tag, an empty tag, or nothing that can be read
 */
export function fromTag(message: SipMessage): string | undefined {
  return tagOfValue(headerValue(message, "from"));
}

/**
 * Reads the tag of the To field without parsing the address.
 *
 * @param message any message
 * @returns undefined when there is no To, no tag, an empty tag, or nothing that can be read
 */
export function toTag(message: SipMessage): string | undefined {
  return tagOfValue(headerValue(message, "to"));
}

function tagOfValue(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const start = parametersStart(value);
  if (start < 0) return undefined;
  const parameters = parseParameters(value, start);
  const tag = parameters.ok ? findParameter(parameters.value, "tag")?.value : undefined;
  return tag === "" ? undefined : tag;
}

/** Header parameters begin after `>`, or at the first `;` when the URI has no brackets. */
function parametersStart(value: string): number {
  const nameEnd = value.charCodeAt(0) === 0x22 ? quotedStringEnd(value, 0) : 0;
  if (nameEnd < 0) return -1;
  const close = value.indexOf(">", nameEnd);
  return close < 0 ? value.indexOf(";", nameEnd) : close + 1;
}

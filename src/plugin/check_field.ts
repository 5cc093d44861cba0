import { MAX_LINE_LENGTH_BYTES } from "../sip/limits.ts";
import type { HeaderField } from "../sip/message.ts";

/**
 * Takes a header field that a plugin wrote (R9): nothing in it may begin another line.
 *
 * @param given a field, if the plugin is right
 * @returns a plain copy, whose texts cannot change any more, or undefined for one that may not be sent
 */
export function soundField(given: HeaderField): HeaderField | undefined {
  if (given === null || typeof given !== "object") return undefined;
  const { key, name, value, line } = given;
  if (typeof key !== "string" || typeof name !== "string") return undefined;
  if (typeof value !== "string" || typeof line !== "string") return undefined;
  const isSound = name !== "" && isOneLine(name) && isOneLine(value) && isOneLine(line) &&
    line.startsWith(name);
  return isSound ? { key, name, value, line } : undefined;
}

/**
 * Tells whether a text stays on one line of a message.
 *
 * @param text what a plugin wrote
 * @returns false for control characters that end lines, for what is no latin1, and for what is too long
 */
export function isOneLine(text: string): boolean {
  if (text.length > MAX_LINE_LENGTH_BYTES) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0d || code === 0x0a || code === 0 || code > 255) return false;
  }
  return true;
}

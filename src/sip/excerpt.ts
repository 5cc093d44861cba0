import { escapeControl } from "../base/text.ts";

/** Longest piece of a peer's text quoted in a reason: enough to recognise it, too short to flood a log. */
const MAX_EXCERPT_LENGTH_CHARS = 64;

/**
 * Quotes a piece of a message for a reason: control characters escaped (R25), long text cut.
 *
 * @param text what the peer sent
 * @returns the text in double quotes
 */
export function excerpt(text: string): string {
  if (text.length <= MAX_EXCERPT_LENGTH_CHARS) return `"${escapeControl(text)}"`;
  return `"${escapeControl(text.slice(0, MAX_EXCERPT_LENGTH_CHARS))}…"`;
}

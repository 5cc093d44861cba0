import type { ReplyEvent, RequestEvent, ResponseEvent } from "./hooks.ts";

/** Deepest nesting of what an event holds: message, header, field and the like stay far below. */
const MAX_DEPTH = 8;

/**
 * Makes an event read-only before foreign code sees it: it is the daemon's own, and what a plugin writes on it would be
 * sent unchecked (R9) or break the stages after it. A module that tries gets a TypeError, which is its own failure.
 *
 * @param event what a hook is about to be shown
 */
export function freezeEvent(event: RequestEvent | ResponseEvent): void {
  freezeDeep(event.message, 0);
  freezeDeep(event.checked, 0);
  freezeDeep(event.source, 0);
  freezeDeep(event.nextHop, 0);
  // Not by its fields: to read a direction may mean to find it.
  Object.freeze(event);
}

/**
 * The same for an answer of the daemon's own.
 *
 * @param event what a hook is about to be shown
 */
export function freezeReply(event: ReplyEvent): void {
  freezeEvent(event.request);
  freezeDeep(event.message, 0);
  Object.freeze(event);
}

/** What is frozen was frozen with all it holds. */
function freezeDeep(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  if (Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part, depth + 1);
}

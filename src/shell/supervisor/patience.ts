/** Longest start: two isolates take a fifth of a second, a slow router ten times as long. */
export const START_TIMEOUT_MS = 15_000;

/** Longest wait for an answer of an isolate, and for its orderly end: the exit must take less than a second. */
export const REPLY_TIMEOUT_MS = 700;

/** Longest wait for a reload: it may evaluate files of plugins, and one that never ends costs its isolate by then. */
export const RELOAD_TIMEOUT_MS = 10_000;

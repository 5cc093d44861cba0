/**
 * Log events: their levels, line formats, flood sampling and the front on @std/log. Nothing here
 * opens a sink or reads a clock; the shell gives both. Every folder from the registrar on makes
 * events, and the supervisor writes them.
 *
 * @module
 */

import type { DebugClass } from "../base/debug_class.ts";

/** Severity of a log event, worst first. */
export type LogLevel = "error" | "warning" | "info" | "debug";

/**
 * One thing that happened, as plain data: the isolates post it to the supervisor, which alone
 * formats and writes.
 *
 * Check the level (`log_gate.ts`) before building one; never put credentials into `text` or
 * `fields`. Control characters may be in there: the formats escape them.
 */
export interface LogEvent {
  readonly level: LogLevel;
  /** Folder or stage that speaks, for example `registrar` or `plugin_logcall`. */
  readonly component: string;
  /** Stable name that log analysers may rely on, for example `reg.ok`. */
  readonly event: string;
  /** siproxd's own wording, where log analysers match on it. */
  readonly text?: string;
  readonly fields?: Readonly<Record<string, string | number>>;
  /** Class of a debug event; without one it counts as NOSPEC. */
  readonly debugClass?: DebugClass;
  /** Bytes for a hex dump after the line (NETTRAF). */
  readonly dump?: Uint8Array;
  /** A state that lasts is told once for this text, however often it is noticed. */
  readonly once?: string;
}

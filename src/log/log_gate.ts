import { DEBUG_CLASS_BITS, type DebugClass } from "../base/debug_class.ts";
import type { LogLevel } from "./log_event.ts";

/**
 * Decides before an event is built whether anybody wants it: building the text of a debug line for
 * every packet costs more than relaying it.
 *
 * @param debugLevel mask of debug classes, unsigned
 * @param about level of the event, and its class if it is a debug event
 * @returns true when the event is to be built; errors, warnings and infos always are
 * @example Ask before building
 * ```ts
 * import { wantsLog } from "./log_gate.ts";
 * if (wantsLog(0x2, { level: "debug", debugClass: "SIP" })) throw new Error("unexpected");
 * ```
 */
export function wantsLog(
  debugLevel: number,
  about: { readonly level: LogLevel; readonly debugClass?: DebugClass },
): boolean {
  if (about.level !== "debug") return true;
  return (debugLevel & DEBUG_CLASS_BITS[about.debugClass ?? "NOSPEC"]) !== 0;
}

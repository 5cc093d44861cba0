import { DEBUG_CLASS_BITS, type DebugClass } from "../base/debug_class.ts";
import type { LogLevel } from "./log_event.ts";

/** What decides whether an event is wanted; a part of the configuration. */
export interface LogGateSettings {
  /** Mask of debug classes, unsigned. */
  readonly debugLevel: number;
  /** Lowest level of single components, over the mask; of two for one component the last wins. */
  readonly componentLevels: readonly { readonly component: string; readonly level: LogLevel }[];
}

/** What is known of an event before it is built. */
export interface LogOccasion {
  readonly level: LogLevel;
  readonly component: string;
  readonly debugClass?: DebugClass;
}

/** Asks whether an event is wanted. */
export type LogGate = (about: LogOccasion) => boolean;

/** Levels by how much they let through. */
const RANKS: Readonly<Record<LogLevel, number>> = Object.freeze({
  error: 0,
  warning: 1,
  info: 2,
  debug: 3,
});

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

/**
 * Makes the question for one configuration; the level of a component wins over the debug classes.
 *
 * @param settings mask and levels
 * @returns a function cheap enough to ask for each packet
 */
export function createLogGate(settings: LogGateSettings): LogGate {
  const { debugLevel } = settings;
  const ranks = new Map(
    settings.componentLevels.map(({ component, level }) => [component, RANKS[level]]),
  );
  if (ranks.size === 0) return (about) => wantsLog(debugLevel, about);
  return (about) => {
    const rank = ranks.get(about.component);
    return rank === undefined ? wantsLog(debugLevel, about) : RANKS[about.level] <= rank;
  };
}

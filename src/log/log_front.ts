import { type BaseHandler, type LevelName, Logger } from "@std/log";
import { assertNever } from "../base/assert_never.ts";
import type { LogEvent } from "./log_event.ts";
import { FloodSampler } from "./sampler.ts";
import type { StampedEvent } from "./stamped_event.ts";

/** The clock of the log. */
export interface LogClock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
  /** What to add to that for the local time. */
  zoneOffsetMs(nowMs: number): number;
}

/** Where events go; a reload replaces it. */
export interface LogOutlets {
  /** The sinks. */
  readonly handlers: readonly BaseHandler[];
  /** Lowest level of single components; the others are let through whole. */
  readonly componentLevels?: Readonly<Record<string, LevelName>>;
}

/** What the front needs. */
export interface LogFrontOptions extends LogOutlets {
  readonly clock: LogClock;
}

/** Where every event of the daemon goes in. */
export interface LogFront {
  /** Writes an event to all sinks that want its level. */
  readonly write: (event: LogEvent) => void;
  /** Writes what the sampler still holds; call it every few seconds and at exit. */
  readonly flush: () => void;
  /** Writes to other sinks from now on; what floods were counted stays counted. */
  readonly redirect: (outlets: LogOutlets) => void;
}

/** Lasting states that were told; a phone or two have one, a hostile source makes no more of them than this. */
const MAX_TOLD = 1000;

/** Loggers kept; components are our own words, a plugin's among them. */
const MAX_LOGGERS = 256;

/**
 * Builds the log of the supervisor: a logger of @std/log for each component, floods sampled.
 *
 * @param options clock and sinks
 * @returns the two calls that the supervisor needs
 */
export function createLogFront(options: LogFrontOptions): LogFront {
  const { clock } = options;
  const sampler = new FloodSampler();
  const told = new Set<string>();
  const loggers = new Map<string, Logger>();
  let outlets: LogOutlets = options;
  const emit = (event: LogEvent, atMs: number) => {
    const stamped = { event, atMs, zoneOffsetMs: clock.zoneOffsetMs(atMs) };
    passOn(loggerOf(loggers, { component: event.component, outlets }), stamped);
  };
  return {
    write: (event) => {
      if (event.once !== undefined && !isNew(told, `${event.event} ${event.once}`)) return;
      const nowMs = clock.nowMs();
      for (const admitted of sampler.admit(event, nowMs)) emit(admitted, nowMs);
    },
    flush: () => {
      const nowMs = clock.nowMs();
      for (const summary of sampler.flush(nowMs)) emit(summary, nowMs);
    },
    redirect: (changed) => {
      outlets = changed;
      loggers.clear();
    },
  };
}

/** Whether a state was not told yet; when too many were, no further one is. */
function isNew(told: Set<string>, key: string): boolean {
  if (told.has(key) || told.size >= MAX_TOLD) return false;
  told.add(key);
  return true;
}

function loggerOf(
  loggers: Map<string, Logger>,
  what: { readonly component: string; readonly outlets: LogOutlets },
): Logger {
  const { component, outlets } = what;
  const known = loggers.get(component);
  if (known !== undefined) return known;
  const levelName = outlets.componentLevels?.[component] ?? "DEBUG";
  const logger = new Logger(component, levelName, { handlers: [...outlets.handlers] });
  if (loggers.size >= MAX_LOGGERS) loggers.clear();
  loggers.set(component, logger);
  return logger;
}

function passOn(logger: Logger, stamped: StampedEvent): void {
  const { event } = stamped;
  const message = () => event.text ?? event.event;
  switch (event.level) {
    case "error":
      logger.error(message, stamped);
      return;
    case "warning":
      logger.warn(message, stamped);
      return;
    case "info":
      logger.info(message, stamped);
      return;
    case "debug":
      logger.debug(message, stamped);
      return;
    default:
      assertNever(event.level);
  }
}

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

/** What the front needs. */
export interface LogFrontOptions {
  readonly clock: LogClock;
  /** The sinks. */
  readonly handlers: readonly BaseHandler[];
  /** Lowest level of single components; the others are let through whole. */
  readonly componentLevels?: Readonly<Record<string, LevelName>>;
}

/** Where every event of the daemon goes in. */
export interface LogFront {
  /** Writes an event to all sinks that want its level. */
  readonly write: (event: LogEvent) => void;
  /** Writes what the sampler still holds; call it every few seconds and at exit. */
  readonly flush: () => void;
}

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
  const loggers = new Map<string, Logger>();
  const emit = (event: LogEvent, atMs: number) => {
    const stamped = { event, atMs, zoneOffsetMs: clock.zoneOffsetMs(atMs) };
    passOn(loggerOf(loggers, { component: event.component, options }), stamped);
  };
  return {
    write: (event) => {
      const nowMs = clock.nowMs();
      for (const admitted of sampler.admit(event, nowMs)) emit(admitted, nowMs);
    },
    flush: () => {
      const nowMs = clock.nowMs();
      for (const summary of sampler.flush(nowMs)) emit(summary, nowMs);
    },
  };
}

function loggerOf(
  loggers: Map<string, Logger>,
  what: { readonly component: string; readonly options: LogFrontOptions },
): Logger {
  const { component, options } = what;
  const known = loggers.get(component);
  if (known !== undefined) return known;
  const levelName = options.componentLevels?.[component] ?? "DEBUG";
  const logger = new Logger(component, levelName, { handlers: [...options.handlers] });
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

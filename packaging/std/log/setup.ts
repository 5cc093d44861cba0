/**
 * Configuration of loggers and handlers.
 *
 * @module
 */
import { DEFAULT_CONFIG, state } from "./_state.ts";
import type { BaseHandler } from "./base_handler.ts";
import { type LogConfig, Logger } from "./logger.ts";

/** Replaces all handlers and loggers; the old handlers are destroyed. */
export function setup(config: LogConfig): void {
  const handlers = { ...DEFAULT_CONFIG.handlers, ...config.handlers };
  const loggers = { ...DEFAULT_CONFIG.loggers, ...config.loggers };
  for (const handler of state.handlers.values()) handler.destroy();
  state.handlers.clear();
  for (const [name, handler] of Object.entries(handlers)) {
    handler.setup();
    state.handlers.set(name, handler);
  }
  state.loggers.clear();
  for (const [name, { level, handlers: names }] of Object.entries(loggers)) {
    const own = (names ?? []).map((handlerName) => state.handlers.get(handlerName))
      .filter((handler): handler is BaseHandler => handler !== undefined);
    state.loggers.set(name, new Logger(name, level ?? "INFO", { handlers: own }));
  }
}

setup(DEFAULT_CONFIG);

/**
 * Access to the configured loggers.
 *
 * @module
 */
import { state } from "./_state.ts";
import { Logger } from "./logger.ts";
import "./setup.ts";

/** Returns a logger by name; an unknown name makes one without handlers, no name the default. */
export function getLogger(name?: string): Logger {
  const wanted = name || "default";
  const known = state.loggers.get(wanted);
  if (known) return known;
  const made = new Logger(wanted, "NOTSET", { handlers: [] });
  state.loggers.set(wanted, made);
  return made;
}

import type { BaseHandler } from "./base_handler.ts";
import { ConsoleHandler } from "./console_handler.ts";
import type { LogConfig, Logger } from "./logger.ts";

/** What is configured when nobody called `setup`: everything from INFO up goes to the console. */
export const DEFAULT_CONFIG: Required<LogConfig> = {
  handlers: { default: new ConsoleHandler("INFO") },
  loggers: { default: { level: "INFO", handlers: ["default"] } },
};

/** The handlers and loggers in use, by name. */
export const state: { handlers: Map<string, BaseHandler>; loggers: Map<string, Logger> } = {
  handlers: new Map(),
  loggers: new Map(),
};

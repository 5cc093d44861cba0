/**
 * Loggers with levels and handlers: the part of `jsr:@std/log` that this project uses.
 *
 * @module
 */
export * from "./base_handler.ts";
export * from "./console_handler.ts";
export * from "./get_logger.ts";
export * from "./levels.ts";
export * from "./logger.ts";
export * from "./setup.ts";

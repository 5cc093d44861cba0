import type { LevelName } from "@std/log";
import type { LogLevel } from "./log_event.ts";

/** Word in front of a line, as siproxd writes it; debug lines have none. */
export const LEVEL_LABELS: Readonly<Record<LogLevel, string>> = Object.freeze({
  error: "ERROR",
  warning: "WARNING",
  info: "INFO",
  debug: "",
});

/** Names of the levels in @std/log. */
export const STD_LEVELS: Readonly<Record<LogLevel, LevelName>> = Object.freeze({
  error: "ERROR",
  warning: "WARN",
  info: "INFO",
  debug: "DEBUG",
});

/** Severities of syslog (RFC 5424 §6.2.1); siproxd gives warnings and infos the same one. */
export const SYSLOG_SEVERITIES: Readonly<Record<LogLevel, number>> = Object.freeze({
  error: 3,
  warning: 5,
  info: 5,
  debug: 7,
});

/** Lowest level that syslog gets, by `silence_log`; CRITICAL is never used, so it means nothing. */
const silenceThresholds: readonly LevelName[] = ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"];

/**
 * Turns `silence_log` into the threshold of the syslog handler.
 *
 * @param silenceLog 0 everything … 4 nothing
 * @returns the lowest level that is written
 */
export function silenceThreshold(silenceLog: number): LevelName {
  return silenceThresholds[silenceLog] ?? "CRITICAL";
}

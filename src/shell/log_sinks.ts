import type { BaseHandler } from "@std/log";
import type { LogConfig } from "../config/config.ts";
import { eventFormat } from "../log/format_event.ts";
import { LineHandler } from "../log/line_handler.ts";
import { createLogFront, type LogFront } from "../log/log_front.ts";

const encoder = new TextEncoder();

/** How the log is written. */
export interface LogSinkOptions {
  readonly config: LogConfig;
  /** Further sinks: syslog, debug port. */
  readonly handlers?: readonly BaseHandler[];
  /** Takes a line for standard error; tests and embedders give their own. */
  readonly writeLine?: (line: string) => void;
}

/**
 * Opens the log of the supervisor: standard error in the configured format, and whatever sinks are given besides.
 *
 * @param options format and sinks
 * @returns the front that every event goes into
 */
export function openLog(options: LogSinkOptions): LogFront {
  const stderr = new LineHandler({
    levelName: "DEBUG",
    format: eventFormat(options.config.format),
    write: options.writeLine ?? writeStderr,
  });
  return createLogFront({
    clock: {
      nowMs: () => Date.now(),
      zoneOffsetMs: (nowMs) => new Date(nowMs).getTimezoneOffset() * -60_000,
    },
    handlers: [stderr, ...(options.handlers ?? [])],
  });
}

/** A closed or full standard error must not end the service. */
function writeStderr(line: string): void {
  const bytes = encoder.encode(`${line}\n`);
  try {
    for (let written = 0; written < bytes.length;) {
      written += Deno.stderr.writeSync(bytes.subarray(written));
    }
  } catch {
    return;
  }
}

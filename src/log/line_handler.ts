import { BaseHandler, type LevelName, type LogRecord } from "@std/log";
import type { EventFormat, StampedEvent } from "./stamped_event.ts";

/** What a sink needs. */
export interface LineHandlerOptions {
  /** Lowest level that is written. */
  readonly levelName: LevelName;
  readonly format: EventFormat;
  /** Takes one line, without its end; must not throw and must not wait. */
  readonly write: (line: string) => void;
}

/** A handler of @std/log that formats our events and hands the lines to the shell. */
export class LineHandler extends BaseHandler {
  readonly #format: EventFormat;
  readonly #write: (line: string) => void;

  /** Makes a handler. */
  constructor(options: LineHandlerOptions) {
    super(options.levelName);
    this.#format = options.format;
    this.#write = options.write;
  }

  /** Makes the line of a record; one that did not come from our front is written as its message. */
  override format(record: LogRecord): string {
    const [stamped] = record.args;
    return isStampedEvent(stamped) ? this.#format(stamped) : record.msg;
  }

  /** Hands a line to the shell. */
  override log(line: string): void {
    this.#write(line);
  }
}

function isStampedEvent(value: unknown): value is StampedEvent {
  return typeof value === "object" && value !== null && "event" in value && "atMs" in value &&
    "zoneOffsetMs" in value;
}

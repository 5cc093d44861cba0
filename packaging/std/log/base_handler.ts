/**
 * The handler that all handlers extend.
 *
 * @module
 */
import { getLevelByName, getLevelName } from "./levels.ts";
import type { LevelName, LogLevel } from "./levels.ts";
import type { LogRecord } from "./logger.ts";

/** Makes a line of text from a record. */
export type FormatterFunction = (logRecord: LogRecord) => string;

/** Options of every handler. */
export interface BaseHandlerOptions {
  /** Default: level name, blank, message. */
  formatter?: FormatterFunction;
}

function defaultFormatter({ levelName, msg }: LogRecord): string {
  return `${levelName} ${msg}`;
}

/** Receives records from loggers and writes those at or above its level. */
export abstract class BaseHandler {
  #levelName: LevelName;
  #level: LogLevel;
  /** Makes the text that {@linkcode BaseHandler.log} receives. */
  formatter: FormatterFunction;

  /** Makes a handler for records at or above a level. */
  constructor(levelName: LevelName, options?: BaseHandlerOptions) {
    this.#levelName = levelName;
    this.#level = getLevelByName(levelName);
    this.formatter = options?.formatter ?? defaultFormatter;
  }

  /** The lowest level that is written. */
  get level(): LogLevel {
    return this.#level;
  }

  /** Sets the level and its name. */
  set level(level: LogLevel) {
    this.#level = level;
    this.#levelName = getLevelName(level);
  }

  /** Name of the lowest level that is written. */
  get levelName(): LevelName {
    return this.#levelName;
  }

  /** Sets the level by its name. */
  set levelName(levelName: LevelName) {
    this.#levelName = levelName;
    this.#level = getLevelByName(levelName);
  }

  /** Formats and writes a record, if its level is high enough. */
  handle(logRecord: LogRecord): void {
    if (this.level > logRecord.level) return;
    this.log(this.format(logRecord));
  }

  /** Makes the text of a record. */
  format(logRecord: LogRecord): string {
    return this.formatter(logRecord);
  }

  /** Writes one line of text. */
  abstract log(msg: string): void;

  /** Called before the first record. */
  setup(): void {}

  /** Called when another set-up replaces this handler. */
  destroy(): void {}

  /** Calls {@linkcode BaseHandler.destroy} at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

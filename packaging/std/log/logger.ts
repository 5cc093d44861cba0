/**
 * Logger and record.
 *
 * @module
 */
import type { BaseHandler } from "./base_handler.ts";
import { getLevelByName, getLevelName, LogLevels } from "./levels.ts";
import type { LevelName, LogLevel } from "./levels.ts";

/** Any function. */
// deno-lint-ignore no-explicit-any -- the real package's signature
export type GenericFunction = (...args: any[]) => any;

/** What a record is made of. */
export interface LogRecordOptions {
  /** The message as text. */
  msg: string;
  /** What was passed behind the message. */
  args: unknown[];
  /** The record's level. */
  level: LogLevel;
  /** Name of the logger that made the record. */
  loggerName: string;
}

/** One message with its level, logger and moment. */
export class LogRecord {
  /** The message as text. */
  readonly msg: string;
  /** The record's level. */
  readonly level: LogLevel;
  /** Name of the record's level. */
  readonly levelName: LevelName;
  /** Name of the logger that made the record. */
  readonly loggerName: string;
  #args: unknown[];
  #datetime: Date;

  /** Makes a record of this moment. */
  constructor(options: LogRecordOptions) {
    this.msg = options.msg;
    this.level = options.level;
    this.levelName = getLevelName(options.level);
    this.loggerName = options.loggerName;
    this.#args = [...options.args];
    this.#datetime = new Date();
  }

  /** A copy of what was passed behind the message. */
  get args(): unknown[] {
    return [...this.#args];
  }

  /** A copy of the moment the record was made. */
  get datetime(): Date {
    return new Date(this.#datetime.getTime());
  }
}

/** Options of {@linkcode Logger}. */
export interface LoggerOptions {
  /** Where records go. */
  handlers?: BaseHandler[];
}

/** Which level a logger has and which handlers, by name, it writes to. */
export interface LoggerConfig {
  /** Default: `"INFO"`. */
  level?: LevelName;
  /** Names of handlers. */
  handlers?: string[];
}

/** Handlers and loggers by name, for {@linkcode setup}. */
export interface LogConfig {
  /** Handlers by name. */
  handlers?: Record<string, BaseHandler>;
  /** Loggers by name. */
  loggers?: Record<string, LoggerConfig>;
}

type Message<T> = (T extends GenericFunction ? never : T) | (() => T);

/** Passes messages at or above its level to its handlers. */
export class Logger {
  /** Where records go. */
  handlers: BaseHandler[];
  readonly #loggerName: string;
  #level: LogLevel;

  /** Makes a logger. */
  constructor(loggerName: string, levelName: LevelName, options: LoggerOptions = {}) {
    this.#loggerName = loggerName;
    this.#level = getLevelByName(levelName);
    this.handlers = options.handlers ?? [];
  }

  /** The lowest level that is passed on. */
  get level(): LogLevel {
    return this.#level;
  }

  /** Sets the level by its number. */
  set level(level: LogLevel) {
    try {
      this.#level = getLevelByName(getLevelName(level));
    } catch {
      throw new TypeError(`Invalid log level: ${level}`);
    }
  }

  /** Name of the lowest level that is passed on. */
  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  /** Sets the level by its name. */
  set levelName(levelName: LevelName) {
    this.#level = getLevelByName(levelName);
  }

  /** The logger's name. */
  get loggerName(): string {
    return this.#loggerName;
  }

  #log<T>(level: LogLevel, msg: Message<T>, args: unknown[]): T | undefined {
    if (this.level > level) return msg instanceof Function ? undefined : msg;
    const value = msg instanceof Function ? msg() : msg;
    const record = new LogRecord({
      msg: this.asString(value),
      args,
      level,
      loggerName: this.loggerName,
    });
    for (const handler of this.handlers) handler.handle(record);
    return value;
  }

  /** Turns a message into text. */
  asString(data: unknown, isProperty = false): string {
    if (typeof data === "string") return isProperty ? `"${data}"` : data;
    if (typeof data === "function") return "undefined";
    if (typeof data !== "object" || data === null) return String(data);
    if (data instanceof Error) return data.stack ?? String(data);
    const fields = Object.entries(data).map(([key, value]) =>
      `"${key}":${this.asString(value, true)}`
    );
    return `{${fields.join(",")}}`;
  }

  /** Logs at level DEBUG; a function is called only if the level is let through. */
  debug<T>(msg: () => T, ...args: unknown[]): T | undefined;
  /** Logs at level DEBUG. */
  debug<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  debug<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.DEBUG, msg, args);
  }

  /** Logs at level INFO; a function is called only if the level is let through. */
  info<T>(msg: () => T, ...args: unknown[]): T | undefined;
  /** Logs at level INFO. */
  info<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  info<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.INFO, msg, args);
  }

  /** Logs at level WARN; a function is called only if the level is let through. */
  warn<T>(msg: () => T, ...args: unknown[]): T | undefined;
  /** Logs at level WARN. */
  warn<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  warn<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.WARN, msg, args);
  }

  /** Logs at level ERROR; a function is called only if the level is let through. */
  error<T>(msg: () => T, ...args: unknown[]): T | undefined;
  /** Logs at level ERROR. */
  error<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  error<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.ERROR, msg, args);
  }

  /** Logs at level CRITICAL; a function is called only if the level is let through. */
  critical<T>(msg: () => T, ...args: unknown[]): T | undefined;
  /** Logs at level CRITICAL. */
  critical<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  critical<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.CRITICAL, msg, args);
  }
}

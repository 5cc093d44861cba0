/**
 * A handler that writes to the console.
 *
 * @module
 */
import { BaseHandler, type BaseHandlerOptions } from "./base_handler.ts";
import { type LevelName, LogLevels } from "./levels.ts";
import type { LogRecord } from "./logger.ts";

/** Options of {@linkcode ConsoleHandler}. */
export interface ConsoleHandlerOptions extends BaseHandlerOptions {
  /** Default `true`; `NO_COLOR` switches colours off as well. */
  useColors?: boolean;
}

const BLUE = ["\x1b[34m", "\x1b[39m"] as const;
const YELLOW = ["\x1b[33m", "\x1b[39m"] as const;
const RED = ["\x1b[31m", "\x1b[39m"] as const;
const BOLD_RED = ["\x1b[1m\x1b[31m", "\x1b[39m\x1b[22m"] as const;

const COLORS: ReadonlyMap<number, readonly [string, string]> = new Map<
  number,
  readonly [string, string]
>([
  [LogLevels.INFO, BLUE],
  [LogLevels.WARN, YELLOW],
  [LogLevels.ERROR, RED],
  [LogLevels.CRITICAL, BOLD_RED],
]);

/** Writes records with `console.log`, coloured by level. */
export class ConsoleHandler extends BaseHandler {
  #useColors: boolean;

  /** Makes a handler for records at or above a level. */
  constructor(levelName: LevelName, options: ConsoleHandlerOptions = {}) {
    super(levelName, options);
    this.#useColors = options.useColors ?? true;
  }

  /** Makes the text of a record, with colours if they are on. */
  override format(logRecord: LogRecord): string {
    const text = super.format(logRecord);
    return this.#useColors ? this.applyColors(text, logRecord.level) : text;
  }

  /** Puts the colour of a level around text. */
  applyColors(msg: string, level: number): string {
    const color = Deno.noColor ? undefined : COLORS.get(level);
    return color ? `${color[0]}${msg}${color[1]}` : msg;
  }

  /** Writes one line to the console. */
  override log(msg: string): void {
    console.log(msg);
  }
}

/**
 * The log levels and their names.
 *
 * @module
 */

/** Numeric levels; a logger lets through what is at or above its own. */
export const LogLevels = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

/** Name of a log level. */
export type LevelName = Exclude<keyof typeof LogLevels, number>;

/** Number of a log level. */
export type LogLevel = typeof LogLevels[LevelName];

/** Names of all log levels, lowest first. */
export const LogLevelNames: LevelName[] = [
  "NOTSET",
  "DEBUG",
  "INFO",
  "WARN",
  "ERROR",
  "CRITICAL",
];

/**
 * Returns the number of a level's name.
 *
 * @throws {Error} On a name that is no level.
 */
export function getLevelByName(name: LevelName): LogLevel {
  const level = LogLevels[name];
  if (level === undefined) {
    throw new Error(`Cannot get log level: no level named ${String(name)}`);
  }
  return level;
}

/**
 * Returns the name of a level's number.
 *
 * @throws {Error} On a number that is no level.
 */
export function getLevelName(level: LogLevel): LevelName {
  const name = LogLevelNames.find((candidate) => LogLevels[candidate] === level);
  if (name === undefined) throw new Error(`Cannot get log level: no level named ${level}`);
  return name;
}

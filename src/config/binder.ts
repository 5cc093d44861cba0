import type { AccessEntry, ComponentLevel, HostPort, StatusPlace } from "./config.ts";
import type { Issue } from "./issues.ts";
import type { ConfigEntry } from "./lexer.ts";
import { readAccessList } from "./read_access_list.ts";
import { readDebugPattern } from "./read_debug_pattern.ts";
import { readAddress, readHost, readHostPort, readInterface } from "./read_host.ts";
import { readFlag, readInteger } from "./read_integer.ts";
import { readLogLevels } from "./read_log_levels.ts";
import { readStatusPlace } from "./read_status_place.ts";
import { readChoice, readPath, readPluginName, readWireText } from "./read_text.ts";
import type { Reading } from "./reading.ts";
import { assertNever } from "../base/assert_never.ts";
import type { Setting } from "./resolve.ts";
import type { Directive, OptionType } from "./schema.ts";

/** Any value of a directive. */
export type OptionValue =
  | number
  | boolean
  | string
  | HostPort
  | StatusPlace
  | readonly AccessEntry[]
  | readonly ComponentLevel[];

/** Reads the values in force one by one, and collects what is wrong with them. */
export interface Binder {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly issues: Issue[];
}

/**
 * Starts the reading of values.
 *
 * @param settings a setting for every directive
 * @returns a binder without issues
 */
export function createBinder(settings: readonly Setting[]): Binder {
  return {
    settings: new Map(settings.map((setting) => [setting.directive.key, setting])),
    issues: [],
  };
}

/**
 * Gives a number that always has a value; where the written one cannot be used, the default.
 *
 * @param binder where to look and to report
 * @param key a scalar integer or debug-pattern directive with a default
 * @returns the number
 */
export function numberOf(binder: Binder, key: string): number {
  const value = scalar(binder, key);
  if (typeof value === "number") return value;
  throw mismatch(key, "a number");
}

/**
 * Gives a switch.
 *
 * @param binder where to look and to report
 * @param key a flag directive with a default
 * @returns true for on
 */
export function flagOf(binder: Binder, key: string): boolean {
  const value = scalar(binder, key);
  if (typeof value === "boolean") return value;
  throw mismatch(key, "a flag");
}

/**
 * Gives a text.
 *
 * @param binder where to look and to report
 * @param key a scalar directive of any textual kind
 * @returns the text, or undefined when it is unset or cannot be used
 */
export function textOf(binder: Binder, key: string): string | undefined {
  const value = scalar(binder, key);
  if (value === undefined || typeof value === "string") return value;
  throw mismatch(key, "a text");
}

/**
 * Gives an access list.
 *
 * @param binder where to look and to report
 * @param key an access-list directive
 * @returns its entries, or undefined when it is unset or cannot be used
 */
export function accessListOf(binder: Binder, key: string): readonly AccessEntry[] | undefined {
  const value = scalar(binder, key);
  if (value === undefined || isAccessList(value)) return value;
  throw mismatch(key, "an access list");
}

/**
 * Gives an address with a port.
 *
 * @param binder where to look and to report
 * @param key a host-port directive
 * @returns both, or undefined when it is unset or cannot be used
 */
export function hostPortOf(binder: Binder, key: string): HostPort | undefined {
  const value = scalar(binder, key);
  if (value === undefined) return undefined;
  if (typeof value === "object" && "port" in value && !("kind" in value)) return value;
  throw mismatch(key, "a host and port");
}

/**
 * Gives the place where a running daemon is asked.
 *
 * @param binder where to look and to report
 * @param key a status-place directive
 * @returns the place, or undefined when it is unset or cannot be used
 */
export function statusPlaceOf(binder: Binder, key: string): StatusPlace | undefined {
  const value = scalar(binder, key);
  if (value === undefined) return undefined;
  if (typeof value === "object" && "kind" in value) return value;
  throw mismatch(key, "a place for a socket");
}

/**
 * Gives the texts of an array directive.
 *
 * @param binder where to look and to report
 * @param key an array directive of a textual kind
 * @returns the usable ones, in order
 */
export function textsOf(binder: Binder, key: string): readonly string[] {
  return valuesOf(binder, key).filter((value) => typeof value === "string");
}

/**
 * Gives the numbers of an array directive.
 *
 * @param binder where to look and to report
 * @param key an array directive of integers
 * @returns the usable ones, in order
 */
export function numbersOf(binder: Binder, key: string): readonly number[] {
  return valuesOf(binder, key).filter((value) => typeof value === "number");
}

/**
 * Gives the levels of single components.
 *
 * @param binder where to look and to report
 * @param key a log-levels directive
 * @returns the pairs; none when it is unset or cannot be used
 */
export function logLevelsOf(binder: Binder, key: string): readonly ComponentLevel[] {
  const value = scalar(binder, key);
  if (value === undefined) return [];
  if (isLogLevels(value)) return value;
  throw mismatch(key, "log levels");
}

function isAccessList(value: OptionValue): value is readonly AccessEntry[] {
  return Array.isArray(value) && value.every((entry) => "bits" in entry);
}

function isLogLevels(value: OptionValue): value is readonly ComponentLevel[] {
  return Array.isArray(value) && value.every((entry) => "level" in entry);
}

function mismatch(key: string, wanted: string): Error {
  return new Error(`Cannot bind ${key}: the table of directives does not make it ${wanted}`);
}

function settingOf(binder: Binder, key: string): Setting {
  const setting = binder.settings.get(key);
  if (setting === undefined) throw new Error(`Cannot bind ${key}: no such directive in the table`);
  return setting;
}

function scalar(binder: Binder, key: string): OptionValue | undefined {
  const { directive, entries } = settingOf(binder, key);
  const entry = entries.at(-1);
  const written = entry === undefined ? undefined : readEntry(binder, { directive, entry });
  if (written !== undefined) return written;
  const { defaultText, type } = directive;
  return defaultText === undefined ? undefined : readValue(defaultText, type).value;
}

function valuesOf(binder: Binder, key: string): readonly OptionValue[] {
  const { directive, entries } = settingOf(binder, key);
  return entries.map((entry) => readEntry(binder, { directive, entry }))
    .filter((value) => value !== undefined);
}

function readEntry(
  binder: Binder,
  what: { readonly directive: Directive; readonly entry: ConfigEntry },
): OptionValue | undefined {
  const { directive, entry } = what;
  const { value, remarks } = readValue(entry.value, directive.type);
  for (const remark of remarks) {
    binder.issues.push({
      severity: remark.severity,
      position: { ...entry.position, column: entry.valueColumn + remark.offset },
      key: entry.key,
      message: `${remark.message} (example: ${directive.key} = ${directive.example})`,
    });
  }
  return value;
}

/**
 * Reads one value by its type.
 *
 * @param text the trimmed value
 * @param type what it should be
 * @returns the value and what is to be said about it
 */
export function readValue(text: string, type: OptionType): Reading<OptionValue> {
  switch (type.kind) {
    case "integer":
      return readInteger(text, type);
    case "flag":
      return readFlag(text, type);
    case "choice":
      return readChoice(text, type.choices);
    case "debug-pattern":
      return readDebugPattern(text);
    case "text":
    case "secret":
      return readWireText(text, type.maxLengthChars);
    case "path":
      return readPath(text);
    case "host":
      return readHost(text);
    case "address":
      return readAddress(text);
    case "interface":
      return readInterface(text);
    case "host-port":
      return readHostPort(text, type.defaultHost);
    case "status-place":
      return readStatusPlace(text);
    case "plugin-name":
      return readPluginName(text);
    case "log-levels":
      return readLogLevels(text);
    case "access-list":
      return readAccessList(text);
    default:
      return assertNever(type);
  }
}

import { assertNever } from "../base/assert_never.ts";
import { escapeControl } from "../base/text.ts";
import { clockText, isoText, syslogTimeText } from "./civil_time.ts";
import { hexDump } from "./hex_dump.ts";
import type { LogEvent } from "./log_event.ts";
import { LEVEL_LABELS, SYSLOG_SEVERITIES } from "./log_level.ts";
import type { EventFormat, StampedEvent } from "./stamped_event.ts";

/** Facility `daemon` of syslog (RFC 5424 §6.2.1), in its place. */
const SYSLOG_FACILITY_DAEMON = 3 * 8;

/** Longest syslog text: with its head it stays below the 1024 bytes of RFC 3164 §4.1. */
const MAX_SYSLOG_TEXT_LENGTH_CHARS = 900;

/** Longest line elsewhere: a peer chooses some of the text, so it needs an end. */
const MAX_LINE_LENGTH_CHARS = 8192;

/**
 * Chooses the format of standard error.
 *
 * @param format value of `log_format`
 * @returns the function that makes the lines
 */
export function eventFormat(format: "text" | "logfmt" | "json"): EventFormat {
  switch (format) {
    case "text":
      return formatText;
    case "logfmt":
      return formatLogfmt;
    case "json":
      return formatJson;
    default:
      return assertNever(format);
  }
}

/**
 * Writes an event as siproxd does on standard error and on the debug port.
 *
 * @param stamped the event
 * @returns `HH:MM:SS.mmm LABEL:component text`; debug lines have no label, dumps follow on lines of
 * their own
 */
export function formatText(stamped: StampedEvent): string {
  const { event } = stamped;
  const label = LEVEL_LABELS[event.level];
  const head = label === "" ? event.component : `${label}:${event.component}`;
  const clock = clockText(stamped.atMs + stamped.zoneOffsetMs);
  const line = cut(`${clock} ${head} ${saying(event)}`, MAX_LINE_LENGTH_CHARS);
  return event.dump === undefined ? line : `${line}\n${hexDump(event.dump)}`;
}

/**
 * Writes an event as one line of `component event key=value` for machines.
 *
 * @param stamped the event
 * @returns the line, with time and level in front
 */
export function formatLogfmt(stamped: StampedEvent): string {
  const { event, atMs } = stamped;
  const head = `${isoText(atMs)} ${event.level} ${event.component} ${event.event}`;
  const text = event.text === undefined ? "" : ` text=${logfmtValue(event.text)}`;
  return cut(`${head}${text}${fieldsText(event)}`, MAX_LINE_LENGTH_CHARS);
}

/**
 * Writes an event as one JSON object.
 *
 * @param stamped the event
 * @returns the object on one line; control characters are escaped, also those JSON allows
 */
export function formatJson(stamped: StampedEvent): string {
  const { event, atMs } = stamped;
  const { level, component, text, fields } = event;
  const dump = event.dump?.toHex();
  const record = { time: isoText(atMs), level, component, event: event.event, text, fields, dump };
  return JSON.stringify(record).replace(/[\x7f-\x9f\u2028\u2029]/g, unicodeEscape);
}

/**
 * Writes an event as a datagram for syslog (RFC 3164 §4).
 *
 * @param stamped the event
 * @param identity process id, and whether a local daemon or another host reads it
 * @returns `<PRI>time siproxd[pid]: component LABEL:text`
 */
export function formatSyslog(
  stamped: StampedEvent,
  identity: { readonly processId: number; readonly hostName?: string },
): string {
  const { event } = stamped;
  const priority = SYSLOG_FACILITY_DAEMON + SYSLOG_SEVERITIES[event.level];
  const time = syslogTimeText(stamped.atMs + stamped.zoneOffsetMs);
  const host = identity.hostName === undefined ? "" : ` ${identity.hostName}`;
  const label = LEVEL_LABELS[event.level];
  const text = `${event.component} ${label === "" ? "" : `${label}:`}${saying(event)}`;
  const tag = `siproxd[${identity.processId}]:`;
  return `<${priority}>${time}${host} ${tag} ${cut(text, MAX_SYSLOG_TEXT_LENGTH_CHARS)}`;
}

/** siproxd's own words where there are some, since log analysers match on the whole of them. */
function saying(event: LogEvent): string {
  if (event.text !== undefined) return escapeControl(event.text);
  return `${event.event}${fieldsText(event)}`;
}

function fieldsText(event: LogEvent): string {
  let text = "";
  for (const [key, value] of Object.entries(event.fields ?? {})) {
    text += ` ${key}=${logfmtValue(String(value))}`;
  }
  return text;
}

function logfmtValue(value: string): string {
  const safe = escapeControl(value);
  return safe === "" || /[\s"=]/.test(safe) ? `"${safe.replaceAll('"', '\\"')}"` : safe;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function cut(line: string, maxLengthChars: number): string {
  return line.length <= maxLengthChars ? line : `${line.slice(0, maxLengthChars)}…`;
}

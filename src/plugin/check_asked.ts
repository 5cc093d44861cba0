import type { IpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import { readAddress, readPlace } from "./check_verdict.ts";
import type { DatabaseChange } from "./effect.ts";
import type { PluginLogEntry } from "./plugin_host.ts";

/** Most fields of one line in the log, or of a row: the built-in plugins write up to six. */
const MAX_FIELDS = 32;

/** Most rows changed at once: a sweep of the blacklist may free or forget each of its 10,000. */
const MAX_CHANGES = 65_536;

/**
 * Takes what a plugin wants in the log. What is asked for is carried out after the hook has returned, in other isolates
 * too, so that what is wrong has to be found here, where the plugin is the one to blame.
 *
 * @param entry as the plugin wrote it
 * @returns a plain copy; it throws a TypeError, which is the plugin's failure, for anything else
 */
export function readLogEntry(entry: PluginLogEntry): PluginLogEntry {
  const { level, event, text, fields } = entry;
  const isLevel = level === "error" || level === "warning" || level === "info" || level === "debug";
  if (!isLevel || typeof event !== "string") return misused("log needs a level and an event");
  if (text !== undefined && typeof text !== "string") return misused("log takes a text only");
  if (fields === undefined) return text === undefined ? { level, event } : { level, event, text };
  const read = readRecord(fields);
  return text === undefined ? { level, event, fields: read } : { level, event, text, fields: read };
}

/**
 * Takes what a plugin sends.
 *
 * @param data as the plugin wrote it
 * @param target where it goes
 * @returns both as plain copies; it throws a TypeError for anything else
 */
export function readDatagram(
  data: Uint8Array,
  target: SocketAddress,
): { readonly data: Uint8Array; readonly target: SocketAddress } {
  const place = readPlace(target);
  if (!(data instanceof Uint8Array)) return misused("sendDatagram needs octets");
  if (!place.ok || place.value === undefined) return misused("sendDatagram needs address and port");
  return { data: data.slice(), target: place.value };
}

/**
 * Takes an address that a plugin found.
 *
 * @param address as the plugin wrote it
 * @returns the same; it throws a TypeError for anything else
 */
export function readAdvertised(address: IpAddress): IpAddress {
  return readAddress(address) ?? misused("advertise needs an address");
}

/**
 * Takes texts.
 *
 * @param texts as the plugin wrote them
 * @param what who takes them, for the message
 * @returns nothing; it throws a TypeError when one is no text
 */
export function wantTexts(texts: readonly unknown[], what: string): void {
  if (!texts.every((text) => typeof text === "string")) misused(`${what} takes texts only`);
}

/**
 * Takes changes of a database.
 *
 * @param changes as the plugin wrote them
 * @returns plain copies; it throws a TypeError for anything else
 */
export function readChanges(changes: readonly DatabaseChange[]): readonly DatabaseChange[] {
  if (!Array.isArray(changes) || changes.length > MAX_CHANGES) {
    return misused(`changeDatabase needs a list of at most ${MAX_CHANGES}`);
  }
  return changes.map(({ table, key, values }: DatabaseChange) => {
    wantTexts([table], "the table of changeDatabase");
    return {
      table,
      key: readRecord(key),
      values: values === undefined ? undefined : readRecord(values),
    };
  });
}

function readRecord(
  record: Readonly<Record<string, string | number>>,
): Readonly<Record<string, string | number>> {
  const entries = Object.entries(record);
  if (entries.length > MAX_FIELDS) return misused(`over ${MAX_FIELDS} fields`);
  const isPlain = entries.every(([, value]) =>
    typeof value === "string" || typeof value === "number"
  );
  return isPlain ? Object.fromEntries(entries) : misused("a field is neither text nor number");
}

function misused(what: string): never {
  throw new TypeError(`host: ${what}`);
}

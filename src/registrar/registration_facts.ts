import { parseIpAddress } from "../base/ip_address.ts";
import { type SocketAddress, socketAddressText, type Transport } from "../base/socket_address.ts";
import { unescapeUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";

/** What siproxd's record format has no place for; all of it can be missing. */
export interface BindingFacts {
  readonly bindingId?: string;
  readonly transport?: Transport;
  readonly source?: SocketAddress;
  readonly target?: SocketAddress;
  readonly instanceId?: string;
  readonly registerCallId?: string;
  readonly registerCseq?: number;
  readonly registrar?: SocketAddress;
}

/** The lines of a record. */
export interface RecordUris {
  readonly contactUri: string;
  readonly publicUri: string;
  readonly addressOfRecordUri: string;
}

/**
 * Names a record, so that its facts are found again and belong to no other when somebody edits the file by hand.
 *
 * @param record the three lines of a record
 * @returns 16 hex digits
 */
export function recordCheck(record: RecordUris): string {
  const text = `${record.contactUri}\n${record.publicUri}\n${record.addressOfRecordUri}`;
  let low = 0x811c9dc5, high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b) ^ (low >>> 13);
  }
  return hex32(low) + hex32(high);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/**
 * Writes the facts of a binding as `name=value` words; values are percent-escaped.
 *
 * @param binding any binding
 * @returns one line without its end
 */
export function formatFacts(binding: Binding): string {
  const { registrar, instanceId } = binding;
  const words = [
    `id=${escapeWord(binding.bindingId)}`,
    `transport=${binding.transport}`,
    `source=${socketAddressText(binding.source)}`,
    `target=${socketAddressText(binding.target)}`,
    ...(instanceId === undefined ? [] : [`instance=${escapeWord(instanceId)}`]),
    `call=${escapeWord(binding.registerCallId)}`,
    `cseq=${binding.registerCseq}`,
    ...(registrar === undefined ? [] : [`registrar=${socketAddressText(registrar)}`]),
  ];
  return words.join(" ");
}

/**
 * Reads the facts of a binding; words that are unknown or malformed are passed over.
 *
 * @param words `name=value` each
 * @returns what was readable
 */
export function parseFacts(words: readonly string[]): BindingFacts {
  return Object.assign({}, ...words.map(parseWord));
}

function parseWord(word: string): BindingFacts {
  const equals = word.indexOf("=");
  const value = word.slice(equals + 1);
  switch (word.slice(0, Math.max(equals, 0))) {
    case "id":
      return value === "" ? {} : { bindingId: unescapeUri(value) };
    case "transport":
      return value === "udp" || value === "tcp" ? { transport: value } : {};
    case "source":
      return named(value, (source) => ({ source }));
    case "target":
      return named(value, (target) => ({ target }));
    case "registrar":
      return named(value, (registrar) => ({ registrar }));
    case "instance":
      return { instanceId: unescapeUri(value) };
    case "call":
      return { registerCallId: unescapeUri(value) };
    case "cseq":
      return /^[0-9]{1,10}$/.test(value) ? { registerCseq: Number(value) } : {};
    default:
      return {};
  }
}

function named(text: string, name: (peer: SocketAddress) => BindingFacts): BindingFacts {
  const colon = text.lastIndexOf(":");
  const address = parseIpAddress(text.slice(0, Math.max(colon, 0)));
  const port = Number(text.slice(colon + 1));
  const isPort = Number.isInteger(port) && port > 0 && port < 65536;
  return address === undefined || !isPort ? {} : name(Object.freeze({ address, port }));
}

function escapeWord(text: string): string {
  let escaped = "";
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isPlain = code > 0x20 && code < 0x7f && code !== 0x25;
    escaped += isPlain ? text[index] : `%${(code & 0xff).toString(16).padStart(2, "0")}`;
  }
  return escaped;
}

import { addressOfRecordKey, parseUri, type SipUri, uriParameter, uriPort } from "../sip/uri.ts";
import { parseIpAddress } from "../base/ip_address.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { Binding } from "./binding.ts";
import {
  type BindingFacts,
  formatFacts,
  parseFacts,
  recordCheck,
  type RecordUris,
} from "./registration_facts.ts";
import { TOKEN_PARAMETER } from "./public_uri.ts";

/*
 * The file of C siproxd, which takes exactly 512 records and then stops reading:
 *
 *   ****:1:<end of life, epoch seconds>      ****:0:0
 *   <Contact URI, "true URL">                (an empty slot is one line)
 *   <public URI, "masq URL">
 *   <To URI, "reg URL">
 *
 * What it does not know stands behind record 512, where it never looks: records whose lines are longer than its buffer,
 * one `#siproxd` line and one `#phone` line a record.
 */

/** Records that C siproxd reads; a shorter file makes it complain of corruption. */
const MIN_RECORDS = 512;

/** Its line buffer; a longer line would make it lose step with the records. */
const MAX_CLASSIC_LINE_CHARS = 126;

/** 2020-01-01: an earlier time of writing says that the clock was not set yet, as after the start of a router. */
const CLOCK_IS_SET_SECONDS = 1_577_836_800;

const EMPTY_SLOT = "****:0:0\n";
const HEADER = "****:";
const SAVED_LINE = "#siproxd saved=";
const PHONE_LINE = "#phone ";

/** One moment on both clocks: the file holds wall-clock time, the table monotonic time. */
export interface FileClock {
  readonly epochMs: number;
  readonly nowMs: number;
}

/** What a file held. */
export interface RegistrationFile {
  /** Registrations that are still alive. */
  readonly bindings: readonly Binding[];
  /** One line for each record that could not be used. */
  readonly issues: readonly string[];
}

/**
 * Writes registrations in C siproxd's format.
 *
 * @param bindings what to write
 * @param clock this moment
 * @returns latin1 text, 512 records at least
 */
export function formatRegistrationFile(bindings: readonly Binding[], clock: FileClock): string {
  const classic: string[] = [];
  const long: string[] = [];
  const facts: string[] = [];
  for (const binding of bindings) {
    const { uris, kind, phone } = recordText(binding);
    if (kind === "unwritable") continue;
    const remainingMs = binding.expiresAtMs - clock.nowMs;
    const expiresSeconds = Math.round((clock.epochMs + remainingMs) / 1000);
    const record = `${HEADER}1:${expiresSeconds}\n${uris}`;
    (kind === "classic" && classic.length < MIN_RECORDS ? classic : long).push(record);
    facts.push(phone);
  }
  const empty = EMPTY_SLOT.repeat(Math.max(MIN_RECORDS - classic.length, 0));
  const saved = `${SAVED_LINE}${Math.round(clock.epochMs / 1000)}\n`;
  return classic.join("") + empty + long.join("") + saved + facts.join("");
}

/** What a record says but for its time. */
interface RecordText {
  readonly kind: "classic" | "long" | "unwritable";
  readonly uris: string;
  readonly phone: string;
}

/** A table of thousands is written every second, a few of its records change: the text of a binding is made once. */
const recordTexts = new WeakMap<Binding, RecordText>();

function recordText(binding: Binding): RecordText {
  const known = recordTexts.get(binding);
  if (known !== undefined) return known;
  const lines = [binding.contactUri, binding.publicUri, binding.addressOfRecordUri];
  const isClassic = lines.every((line) => line.length <= MAX_CLASSIC_LINE_CHARS);
  const text: RecordText = lines.every(isOneLine)
    ? {
      kind: isClassic ? "classic" : "long",
      uris: `${lines.join("\n")}\n`,
      phone: `${PHONE_LINE}${recordCheck(binding)} ${formatFacts(binding)}\n`,
    }
    : { kind: "unwritable", uris: "", phone: "" };
  recordTexts.set(binding, text);
  return text;
}

/** A visible text without line breaks: anything else would put the reader out of step. */
function isOneLine(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 0x21) return false;
  return text !== "";
}

interface Record extends RecordUris {
  readonly line: number;
  readonly expiresSeconds: number;
}

/**
 * Reads a registration file, C siproxd's or ours, with any number of records.
 *
 * A record that is broken costs itself only: reading goes on at the next header line. Expired ones are left out.
 *
 * @param text the file, decoded as latin1
 * @param clock this moment
 * @returns what is usable, and a line for each thing that is not
 */
export function parseRegistrationFile(text: string, clock: FileClock): RegistrationFile {
  const scan = scanLines(text.split("\n"));
  const issues = [...scan.issues];
  const bindings = new Map<string, Binding>();
  for (const record of scan.records) {
    const expiresAtMs = clock.nowMs + remainingSeconds(record, { scan, clock }) * 1000;
    if (expiresAtMs <= clock.nowMs) continue;
    const facts = scan.facts.get(recordCheck(record))?.shift();
    const binding = restoreBinding(record, { facts, expiresAtMs });
    if (binding.ok) bindings.set(binding.value.bindingId, binding.value);
    else issues.push(`line ${record.line}: ${binding.error}`);
  }
  return { bindings: [...bindings.values()], issues };
}

/**
 * Seconds left. Where the clock was not set at one of the two moments, the time that was left when the file was written
 * counts in full: a phone forgotten is worse than one remembered for a while longer.
 */
function remainingSeconds(
  record: Record,
  from: { readonly scan: Scan; readonly clock: FileClock },
): number {
  const { savedSeconds } = from.scan;
  const nowSeconds = from.clock.epochMs / 1000;
  if (savedSeconds === undefined) return record.expiresSeconds - nowSeconds;
  const isUnset = savedSeconds < CLOCK_IS_SET_SECONDS || nowSeconds < savedSeconds;
  return record.expiresSeconds - (isUnset ? savedSeconds : nowSeconds);
}

interface Scan {
  readonly records: readonly Record[];
  readonly savedSeconds: number | undefined;
  readonly facts: ReadonlyMap<string, BindingFacts[]>;
  readonly issues: readonly string[];
}

function scanLines(rawLines: readonly string[]): Scan {
  const lines = rawLines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  const records: Record[] = [];
  const issues: string[] = [];
  const facts = new Map<string, BindingFacts[]>();
  let savedSeconds: number | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.startsWith(SAVED_LINE)) savedSeconds = wholeNumber(line.slice(SAVED_LINE.length));
    else if (line.startsWith(PHONE_LINE)) collectFacts(line, facts);
    else if (line.startsWith(HEADER)) {
      const record = readRecord(lines, index);
      if (!record.ok) issues.push(`line ${index + 1}: ${record.error}`);
      else if (record.value !== undefined) {
        records.push(record.value);
        index += 3;
      }
    } else if (line !== "" && !line.startsWith("#")) {
      issues.push(`line ${index + 1}: Cannot use line: no record header before it`);
    }
  }
  return { records, savedSeconds, facts, issues };
}

function collectFacts(line: string, facts: Map<string, BindingFacts[]>): void {
  const [check = "", ...pairs] = line.slice(PHONE_LINE.length).split(" ");
  const list = facts.get(check);
  if (list === undefined) facts.set(check, [parseFacts(pairs)]);
  else list.push(parseFacts(pairs));
}

/** Undefined is an empty slot. */
function readRecord(lines: readonly string[], at: number): Result<Record | undefined> {
  const [active, expires] = (lines[at] ?? "").slice(HEADER.length).split(":");
  const expiresSeconds = wholeNumber(expires ?? "");
  if ((active !== "0" && active !== "1") || expiresSeconds === undefined) {
    return err(`Cannot read record header "${(lines[at] ?? "").slice(0, 40)}": no number`);
  }
  if (active === "0") return ok(undefined);
  const [contactUri, publicUri, addressOfRecordUri] = lines.slice(at + 1, at + 4);
  const uris = [contactUri, publicUri, addressOfRecordUri];
  if (uris.some((uri) => uri === undefined || uri.startsWith(HEADER))) {
    return err("Cannot read record: it ends too early");
  }
  if (contactUri === undefined || publicUri === undefined || addressOfRecordUri === undefined) {
    return err("Cannot read record: it ends too early");
  }
  return ok({ line: at + 1, expiresSeconds, contactUri, publicUri, addressOfRecordUri });
}

function wholeNumber(text: string): number | undefined {
  return /^[0-9]{1,12}$/.test(text) ? Number(text) : undefined;
}

function restoreBinding(
  record: Record,
  from: { readonly facts: BindingFacts | undefined; readonly expiresAtMs: number },
): Result<Binding> {
  const contact = sipUri(record.contactUri);
  const publicUri = sipUri(record.publicUri);
  const addressOfRecord = parseUri(record.addressOfRecordUri);
  if (contact === undefined || publicUri === undefined || !addressOfRecord.ok) {
    return err("Cannot use record: a line is no SIP URI");
  }
  const facts = from.facts ?? {};
  const source = facts.source ?? contactAddress(contact);
  if (source === undefined) {
    return err(`Cannot use record of "${contact.text}": the Contact's host is a name`);
  }
  const isTcp = uriParameter(contact, "transport")?.toLowerCase() === "tcp";
  const aor = addressOfRecordKey(addressOfRecord.value);
  return ok({
    bindingId: facts.bindingId ?? `${aor} ${record.publicUri}`,
    addressOfRecord: aor,
    addressOfRecordUri: record.addressOfRecordUri,
    contactUri: record.contactUri,
    publicUri: record.publicUri,
    token: uriParameter(publicUri, TOKEN_PARAMETER)?.toLowerCase(),
    source,
    transport: facts.transport ?? (isTcp ? "tcp" : "udp"),
    target: facts.target ?? source,
    instanceId: facts.instanceId,
    registerCallId: facts.registerCallId ?? "",
    registerCseq: facts.registerCseq ?? 0,
    registrar: facts.registrar,
    expiresAtMs: from.expiresAtMs,
  });
}

function sipUri(text: string): SipUri | undefined {
  const uri = parseUri(text);
  return uri.ok && uri.value.kind === "sip" ? uri.value : undefined;
}

function contactAddress(contact: SipUri): Binding["source"] | undefined {
  const address = parseIpAddress(contact.host);
  return address === undefined ? undefined : { address, port: uriPort(contact) };
}

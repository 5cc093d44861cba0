import { escapeControl } from "../base/text.ts";
import type {
  StatusCall,
  StatusLeg,
  StatusRegistration,
  StatusReport,
  StatusStream,
} from "../shell/operator/status_report.ts";

/** Rows of a list: a screen has some 24 lines, and the JSON has them all. */
const MAX_ROWS = 20;

/** Counters in one line. */
const COUNTERS_PER_LINE = 4;

/**
 * Writes a report for people, one screen in the usual case.
 *
 * @param report what the daemon answered
 * @returns lines; nothing from the network in them can move a cursor
 */
export function statusText(report: StatusReport): string {
  const lines = [
    programLine(report),
    ...listLines("Registrations", report.registrations.map(registrationLine)),
    ...listLines("Calls", report.calls.flatMap(callLines)),
    ...mediaLines(report),
    ...counterLines(report),
  ];
  return `${lines.map(escapeControl).join("\n")}\n`;
}

function programLine({ program }: StatusReport): string {
  const { version, pid, uptimeSeconds, residentBytes, firewall } = program;
  const parts = [`siproxd ${version}`, `pid ${pid}`, `up ${duration(uptimeSeconds)}`];
  parts.push(size(residentBytes));
  if (firewall !== "off") parts.push(`firewall ${firewall}`);
  return parts.join(", ");
}

function listLines(title: string, rows: readonly string[]): readonly string[] {
  const heads = rows.filter((row) => !row.startsWith(" "));
  const shown = rows.slice(0, MAX_ROWS);
  const left = heads.length - shown.filter((row) => !row.startsWith(" ")).length;
  const lines = [`${title}: ${heads.length}`, ...shown.map((row) => `  ${row}`)];
  if (left > 0) lines.push(`  … and ${left} more: siproxd status --json has all`);
  return lines;
}

function registrationLine(registration: StatusRegistration): string {
  const { addressOfRecord, target, transport, expiresInSeconds, registrar } = registration;
  const where = registrar === null ? "here" : `at ${registrar}`;
  return `${addressOfRecord}  ${target}/${transport}  registered ${where}  ` +
    `expires in ${duration(expiresInSeconds)}`;
}

function callLines(call: StatusCall): readonly string[] {
  const { direction, phase, phone, phoneAddress, callId, streams } = call;
  return [
    `${direction}, ${phase}: ${phone ?? "phone"} (${phoneAddress})  ${callId}`,
    ...streams.flatMap(streamLines),
  ];
}

function streamLines({ mediaIndex, fromPhone, fromInternet }: StatusStream): readonly string[] {
  return [
    `  media ${mediaIndex} from phone    ${legText(fromPhone)}`,
    `  media ${mediaIndex} from Internet ${legText(fromInternet)}`,
  ];
}

function legText(leg: StatusLeg): string {
  const held = leg.flow === "held" ? "  on hold" : "";
  return `${leg.source ?? "(nothing yet)"} → ${leg.port}  ${leg.packets} packets  ` +
    `${size(leg.bytes)}  ${leg.dropped} dropped${held}`;
}

function mediaLines({ media }: StatusReport): readonly string[] {
  if (media === null) return ["Media: not relayed"];
  const { fromPhones, fromInternet, dropped, activeStreams, totalStreams } = media;
  const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
  const lines = [
    `Media: ${activeStreams} streams now, ${totalStreams} since the start`,
    `  from phones    ${fromPhones.packets} packets  ${size(fromPhones.bytes)}`,
    `  from Internet  ${fromInternet.packets} packets  ${size(fromInternet.bytes)}`,
  ];
  if (reasons.length > 0) lines.push(`  dropped: ${reasons.join(", ")}`);
  if (media.sendErrors > 0) lines.push(`  not sent by the system: ${media.sendErrors}`);
  return lines;
}

function counterLines({ counters }: StatusReport): readonly string[] {
  if (counters === null) return ["Counters: the signalling isolate does not answer"];
  const words = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  const lines: string[] = [];
  for (let at = 0; at < words.length && lines.length < MAX_ROWS; at += COUNTERS_PER_LINE) {
    lines.push(`  ${words.slice(at, at + COUNTERS_PER_LINE).join("  ")}`);
  }
  return lines.length === 0 ? [] : ["Counters:", ...lines];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`;
  if (bytes < 10_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes / 1_000_000)} MB`;
}

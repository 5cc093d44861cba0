import { escapeControl } from "../base/text.ts";
import { addressLine } from "./status_addresses.ts";
import type {
  StatusCall,
  StatusLeg,
  StatusRegistration,
  StatusReport,
  StatusStream,
} from "../shell/operator/status_report.ts";

/** Rows of a list: a screen has some 24 lines, and `--all` has them all. */
const MAX_ROWS = 20;

/** Counters in one line. */
const COUNTERS_PER_LINE = 4;

/**
 * Writes a report for people, one screen in the usual case.
 *
 * @param report what the daemon answered
 * @param extent a screen of each list, with the number of what is left out, or all of it
 * @returns lines; nothing from the network in them can move a cursor
 */
export function statusText(report: StatusReport, extent: "text" | "all" = "text"): string {
  const maxRows = extent === "all" ? Infinity : MAX_ROWS;
  const lines = [
    programLine(report),
    addressLine(report),
    ...listLines("Registrations", report.registrations.map(registrationLines), maxRows),
    ...listLines("Calls", report.calls.map(callLines), maxRows),
    ...mediaLines(report),
    ...counterLines(report, maxRows),
  ];
  return `${lines.map(escapeControl).join("\n")}\n`;
}

function programLine({ program }: StatusReport): string {
  const { version, pid, uptimeSeconds, residentBytes, firewall, mediaOffload } = program;
  const parts = [`siproxd ${version}`, `pid ${pid}`, `up ${duration(uptimeSeconds)}`];
  parts.push(size(residentBytes));
  if (firewall !== "off") parts.push(`firewall ${firewall}`);
  if (mediaOffload !== "off") parts.push(`media offload ${mediaOffload}`);
  return parts.join(", ");
}

/** Entries are shown whole; at least one is. */
function listLines(
  title: string,
  entries: readonly (readonly string[])[],
  maxRows: number,
): readonly string[] {
  const shown: string[] = [];
  let count = 0;
  for (const entry of entries) {
    if (count > 0 && shown.length + entry.length > maxRows) break;
    shown.push(...entry);
    count++;
  }
  const lines = [`${title}: ${entries.length}`, ...shown.map((row) => `  ${row}`)];
  return count === entries.length ? lines : [...lines, moreLine(entries.length - count)];
}

function moreLine(count: number): string {
  return `  … and ${count} more: siproxd status --all shows them`;
}

function registrationLines(registration: StatusRegistration): readonly string[] {
  const { addressOfRecord, target, transport, expiresInSeconds, registrar } = registration;
  const where = registrar === null ? "here" : `at ${registrar}`;
  return [
    `${addressOfRecord}  ${target}/${transport}  registered ${where}  ` +
    `expires in ${duration(expiresInSeconds)}`,
  ];
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
  return `${leg.source ?? "(nothing yet)"} → ${leg.local}  ${leg.packets} packets  ` +
    `${size(leg.bytes)}  ${leg.dropped} dropped${held}`;
}

function mediaLines({ media }: StatusReport): readonly string[] {
  if (media === null) return ["Media: not relayed"];
  const { fromPhones, fromInternet, dropped, activeStreams, kernelStreams, totalStreams } = media;
  const inKernel = kernelStreams > 0 ? ` (${kernelStreams} in the kernel)` : "";
  const shared = media.workers > 1 ? `, shared by ${media.workers} cores` : "";
  const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
  const lines = [
    `Media: ${activeStreams} streams now${inKernel}, ${totalStreams} since the start${shared}`,
    `  from phones    ${fromPhones.packets} packets  ${size(fromPhones.bytes)}`,
    `  from Internet  ${fromInternet.packets} packets  ${size(fromInternet.bytes)}`,
  ];
  if (reasons.length > 0) lines.push(`  dropped: ${reasons.join(", ")}`);
  if (media.sendErrors > 0) lines.push(`  not sent by the system: ${media.sendErrors}`);
  return lines;
}

function counterLines({ counters }: StatusReport, maxRows: number): readonly string[] {
  if (counters === null) return ["Counters: the signalling isolate does not answer"];
  const words = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  const lines: string[] = [];
  let at = 0;
  for (; at < words.length && lines.length < maxRows; at += COUNTERS_PER_LINE) {
    lines.push(`  ${words.slice(at, at + COUNTERS_PER_LINE).join("  ")}`);
  }
  if (at < words.length) lines.push(moreLine(words.length - at));
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

import type { PluginHost } from "../../src/plugin/api.ts";
import { escapeControl } from "../../src/base/text.ts";
import type { Figures, StreamLine } from "./figures.ts";

/**
 * Writes the figures for the log.
 *
 * @param figures what was read
 * @returns siproxd's line
 */
export function logText(figures: Figures): string {
  const { streams, activeCalls, activeClients, registeredClients } = figures;
  return `STATS: ${streams.length} active Streams, ${activeCalls} active Calls, ` +
    `${activeClients} active Clients, ${registeredClients} registered Clients`;
}

/**
 * Writes the figures for the file.
 *
 * @param figures what was read
 * @param host gives date and process
 * @returns the whole file, in siproxd's layout
 */
export function fileText(
  figures: Figures,
  host: Pick<PluginHost, "dateText" | "processId">,
): string {
  const count = (label: string, value: number) => `${label.padEnd(20)}${String(value).padStart(6)}`;
  const lines = [
    `Date: ${host.dateText()}`,
    `PID:  ${host.processId}`,
    "",
    "Summary",
    "-------",
    count("registered Clients:", figures.registeredClients),
    count("active Clients:", figures.activeClients),
    count("active Calls:", figures.activeCalls),
    count("active Streams:", figures.streams.length),
    "",
    "RTP-Details",
    "-----------",
    "Header; Client-Id; Call-Id; Call Direction; Stream Direction; local IP; remote IP",
    ...figures.streams.map(dataLine),
  ];
  return `${lines.join("\n")}\n`;
}

/** A client or a call named with a semicolon must not move the columns. */
function dataLine(line: StreamLine): string {
  const callId = line.callHost === "" ? line.callNumber : `${line.callNumber}@${line.callHost}`;
  const fields = [
    line.clientId,
    callId,
    line.callDirection,
    line.streamDirection,
    line.localAddress,
    line.remoteAddress,
  ];
  return `Data;${fields.map((field) => escapeControl(field).replaceAll(";", "%3B")).join(";")}`;
}

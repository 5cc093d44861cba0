import type { DaemonStatistics } from "../supervisor/supervisor_options.ts";

/**
 * Writes the figures of the daemon, for the log.
 *
 * @param statistics what both isolates said
 * @returns one line a group
 */
export function statisticsLines(statistics: DaemonStatistics): readonly string[] {
  const { signalling, media } = statistics;
  const lines: string[] = [];
  if (signalling === undefined) lines.push("signalling: no answer");
  else {
    lines.push(
      `signalling: registrations=${signalling.bindings} dialogs=${signalling.dialogs} ` +
        `waiting=${signalling.waitingMessages}`,
    );
    for (const [name, value] of signalling.counters) lines.push(`signalling: ${name}=${value}`);
  }
  if (media !== undefined) {
    lines.push(
      `media: streams=${media.live.length} stock_lan=${media.stock.lan} stock_wan=${media.stock.wan} ` +
        `send_errors=${media.sendErrors} idle_packets=${media.idlePackets}`,
    );
    lines.push(`media: ${flat(media.totals)}`);
  }
  return lines;
}

/**
 * Writes the memory figures, for the log.
 *
 * @param process figures of the process and the supervisor's heap
 * @param statistics what both isolates said
 * @returns one line an isolate
 */
export function memoryLines(
  process: Deno.MemoryUsage,
  statistics: DaemonStatistics,
): readonly string[] {
  const { signalling } = statistics;
  const lines = [
    `memory: rss=${process.rss} supervisor_heap_used=${process.heapUsed} ` +
    `supervisor_heap_total=${process.heapTotal}`,
  ];
  if (signalling !== undefined) {
    lines.push(
      `memory: signalling_heap_used=${signalling.heapUsedBytes} ` +
        `signalling_heap_total=${signalling.heapTotalBytes}`,
    );
  }
  return lines;
}

/** Writes a nested object of numbers as `a=1 b.c=2`. */
function flat(value: object, prefix = ""): string {
  const parts: string[] = [];
  for (const [key, one] of Object.entries(value)) {
    if (typeof one === "number") parts.push(`${prefix}${key}=${one}`);
    else if (typeof one === "object" && one !== null) parts.push(flat(one, `${prefix}${key}.`));
  }
  return parts.filter((part) => part !== "").join(" ");
}

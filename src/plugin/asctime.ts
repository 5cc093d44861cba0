import { civilTime, syslogTimeText } from "../log/civil_time.ts";

const DAY_MS = 86_400_000;

/** 1 January 1970 was a Thursday. */
const WEEKDAYS: readonly string[] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/**
 * Writes a time as C's `asctime` does, without its line end.
 *
 * @param localMs milliseconds since 1970, local time
 * @returns such as `Tue Nov 24 10:05:00 2026`
 */
export function asctimeText(localMs: number): string {
  const weekday = WEEKDAYS[((Math.floor(localMs / DAY_MS) % 7) + 7) % 7] ?? "";
  return `${weekday} ${syslogTimeText(localMs)} ${civilTime(localMs).year}`;
}

/** A moment as a calendar and a clock show it. */
export interface CivilTime {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  /** 1 … 31. */
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/** Length of a day. */
const DAY_MS = 86_400_000;

/** Days from 1 March of the year 0 to 1 January 1970, in the Gregorian calendar. */
const EPOCH_DAY = 719_468;

/** Days in 400 Gregorian years, after which the calendar repeats. */
const ERA_DAYS = 146_097;

const monthNames: readonly string[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * Splits a moment into calendar and clock.
 *
 * Years are counted from March, so that the leap day is the last of its year and needs no rule of
 * its own.
 *
 * @param localMs milliseconds since 1970, plus the zone's offset
 * @returns its parts
 */
export function civilTime(localMs: number): CivilTime {
  const days = Math.floor(localMs / DAY_MS);
  const ofDayMs = Math.floor(localMs) - days * DAY_MS;
  return {
    ...civilDate(days),
    hours: Math.floor(ofDayMs / 3_600_000),
    minutes: Math.floor(ofDayMs / 60_000) % 60,
    seconds: Math.floor(ofDayMs / 1000) % 60,
    milliseconds: ofDayMs % 1000,
  };
}

function civilDate(daysSince1970: number): Pick<CivilTime, "year" | "month" | "day"> {
  const shifted = daysSince1970 + EPOCH_DAY;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - (365 * yearOfEra + leapDays);
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/**
 * Writes the time of day as siproxd does on standard error.
 *
 * @param localMs milliseconds since 1970, plus the zone's offset
 * @returns `HH:MM:SS.mmm`
 */
export function clockText(localMs: number): string {
  const time = civilTime(localMs);
  return `${hms(time)}.${pad(time.milliseconds, 3)}`;
}

/**
 * Writes a moment for machines (RFC 3339).
 *
 * @param utcMs milliseconds since 1970
 * @returns `YYYY-MM-DDTHH:MM:SS.mmmZ`
 */
export function isoText(utcMs: number): string {
  const time = civilTime(utcMs);
  const date = `${pad(time.year, 4)}-${pad(time.month, 2)}-${pad(time.day, 2)}`;
  return `${date}T${hms(time)}.${pad(time.milliseconds, 3)}Z`;
}

/**
 * Writes a moment as syslog wants it (RFC 3164 §4.1.2).
 *
 * @param localMs milliseconds since 1970, plus the zone's offset
 * @returns `Mmm dd HH:MM:SS`, the day padded with a blank
 */
export function syslogTimeText(localMs: number): string {
  const time = civilTime(localMs);
  return `${monthNames[time.month - 1] ?? ""} ${String(time.day).padStart(2, " ")} ${hms(time)}`;
}

function hms(time: CivilTime): string {
  return `${pad(time.hours, 2)}:${pad(time.minutes, 2)}:${pad(time.seconds, 2)}`;
}

function pad(value: number, lengthChars: number): string {
  return String(value).padStart(lengthChars, "0");
}

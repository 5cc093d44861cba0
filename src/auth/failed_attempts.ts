import { BoundedMap } from "../base/bounded_map.ts";
import { type IpAddress, ipv6Groups } from "../base/ip_address.ts";

/** Wrong passwords of one source in a window; a phone with an old password tries two or three times a minute. */
export const MAX_FAILURES = 10;

/** Length of the window, and of the silence after too many failures. */
export const FAILURE_WINDOW_MS = 60_000;

/** Sources remembered; who can send from more has other means. */
const MAX_SOURCES = 4_096;

/** Groups of the network part that one IPv6 customer gets at least: he can use every address in it. */
const NETWORK_GROUPS = 4;

interface Window {
  readonly failures: number;
  readonly startedAtMs: number;
}

/** Wrong passwords by source: slows guessing down to ten a minute (R21). */
export class FailedAttempts {
  readonly #windows = new BoundedMap<string, Window>({
    maxEntries: MAX_SOURCES,
    lifetimeMs: FAILURE_WINDOW_MS,
  });

  /** Gives the failures of a source since its window began. */
  failures(source: IpAddress, nowMs: number): number {
    return this.#windows.get(sourceKey(source), nowMs)?.failures ?? 0;
  }

  /** Tells whether a source must be ignored for now. */
  isBlocked(source: IpAddress, nowMs: number): boolean {
    return this.failures(source, nowMs) >= MAX_FAILURES;
  }

  /** Counts a wrong password; the one that fills the window begins it anew, so that the silence has its full length. */
  note(source: IpAddress, nowMs: number): void {
    const key = sourceKey(source);
    const { failures, startedAtMs } = this.#windows.get(key, nowMs) ??
      { failures: 0, startedAtMs: nowMs };
    const begin = failures + 1 === MAX_FAILURES ? nowMs : startedAtMs;
    const value = { failures: failures + 1, startedAtMs: begin };
    this.#windows.set(key, { value, nowMs: begin });
  }

  /** Forgets windows that are over. */
  expire(nowMs: number): void {
    this.#windows.expire(nowMs);
  }
}

function sourceKey(source: IpAddress): string {
  const groups = ipv6Groups(source);
  return groups === undefined ? source : groups.slice(0, NETWORK_GROUPS).join(":");
}

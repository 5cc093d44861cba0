import type { LogEvent } from "./log_event.ts";

/** An event with the moment it reached the supervisor. */
export interface StampedEvent {
  readonly event: LogEvent;
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** What to add for the local time. */
  readonly zoneOffsetMs: number;
}

/** Makes the line of an event; without the line end. */
export type EventFormat = (stamped: StampedEvent) => string;

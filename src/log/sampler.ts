import type { LogEvent } from "./log_event.ts";

/** Span in which alike events are counted. */
const WINDOW_MS = 10_000;

/** Errors and warnings of one kind in a window: enough to see the pattern, too few to fill a disk. */
const MAX_PROBLEMS_PER_WINDOW = 20;

/** Infos of one kind in a window: call records of a busy trunk must get through. */
const MAX_INFOS_PER_WINDOW = 1000;

/** Kinds that are counted at once; components and events are our own words, so there are few. */
const MAX_KINDS = 512;

/** Count of one kind of event in the current window. */
interface Tally {
  readonly startedAtMs: number;
  readonly sample: LogEvent;
  readonly seen: number;
  readonly suppressed: number;
}

/**
 * Lets a burst of alike events through, counts the rest, and says how many there were.
 *
 * Alike means: same component, event and level. Debug events pass, since somebody asked for them.
 */
export class FloodSampler {
  readonly #tallies = new Map<string, Tally>();

  /**
   * Asks what to write when an event comes in.
   *
   * @param event the event
   * @param nowMs the moment, from any steady clock
   * @returns the event, preceded by the summary of a window that ended; nothing while suppressed
   */
  admit(event: LogEvent, nowMs: number): readonly LogEvent[] {
    if (event.level === "debug") return [event];
    const kind = `${event.component} ${event.event} ${event.level}`;
    const tally = this.#tallies.get(kind);
    if (tally === undefined || nowMs - tally.startedAtMs >= WINDOW_MS) {
      const ended = tally === undefined ? this.#makeRoom() : this.#end(kind, tally);
      this.#tallies.set(kind, { startedAtMs: nowMs, sample: event, seen: 1, suppressed: 0 });
      return [...ended, event];
    }
    const limit = event.level === "info" ? MAX_INFOS_PER_WINDOW : MAX_PROBLEMS_PER_WINDOW;
    const passes = tally.seen < limit;
    this.#tallies.set(kind, {
      ...tally,
      seen: tally.seen + 1,
      suppressed: tally.suppressed + (passes ? 0 : 1),
    });
    return passes ? [event] : [];
  }

  /**
   * Gives the summaries of windows that ended without another event; call it now and then.
   *
   * @param nowMs the moment
   * @returns one event for each kind that was suppressed
   */
  flush(nowMs: number): readonly LogEvent[] {
    const summaries: LogEvent[] = [];
    for (const [kind, tally] of this.#tallies) {
      if (nowMs - tally.startedAtMs < WINDOW_MS) continue;
      summaries.push(...this.#end(kind, tally));
    }
    return summaries;
  }

  #makeRoom(): readonly LogEvent[] {
    if (this.#tallies.size < MAX_KINDS) return [];
    const [oldest] = this.#tallies;
    return oldest === undefined ? [] : this.#end(oldest[0], oldest[1]);
  }

  #end(kind: string, tally: Tally): readonly LogEvent[] {
    this.#tallies.delete(kind);
    if (tally.suppressed === 0) return [];
    const { level, component, event } = tally.sample;
    return [{
      level,
      component,
      event: `${event}.suppressed`,
      text: `${event}: suppressed ${tally.suppressed} similar`,
      fields: { count: tally.suppressed },
    }];
  }
}

import type { Figures } from "./load.ts";
import type { Findings } from "./report.ts";
import type { Place } from "./subject.ts";

/** The parts of the bench by their names on the command line. */
export type Part = "rtp" | "sip" | "plugins" | "start" | "memory";

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  readonly steadySeconds: number;
  readonly cleanSeconds: number;
  readonly starts: number;
}

/** What a part of the bench gets to work with, and where it says what did not work. */
export interface Bench {
  readonly plan: Plan;
  readonly ours: Place;
  readonly anchor: Place;
  readonly offloaded: Place;
  readonly direct: Place;
  readonly problems: string[];
}

/** A generator later than this was starved by other work on the machine: its round says nothing about the proxy. */
const DISTURBED_LATE_US = 10_000;
/** A machine that stays busy must not keep the bench going for ever. */
const MAX_REPEATS = 2;

/** Tells whether the generator could not keep its own time. */
export function isDisturbed(figures: Figures): boolean {
  return (figures.get("late_p99_us") ?? 0) > DISTURBED_LATE_US;
}

/** Runs a round, and again while the generator was starved; the last one counts, whatever it was. */
export async function undisturbed(round: () => Promise<Figures>): Promise<Figures> {
  for (let repeats = 0;; repeats++) {
    const figures = await round();
    if (!isDisturbed(figures)) return figures;
    const lateUs = figures.get("late_p99_us") ?? 0;
    const then = repeats < MAX_REPEATS ? "repeating the round" : "no more repeats";
    console.error(
      `  the generator was ${Math.round(lateUs / 1000)} ms late: machine busy, ${then}`,
    );
    if (repeats === MAX_REPEATS) return figures;
  }
}

/** A part measures and returns what it found. */
export type Measure = (bench: Bench) => Promise<Findings>;

/** Figures of the acceptance at full length. */
export const FULL_PLAN: Plan = { rounds: 3, steadySeconds: 8, cleanSeconds: 5, starts: 7 };
/** The same measures, shorter: for a look while working. */
export const QUICK_PLAN: Plan = { rounds: 3, steadySeconds: 3, cleanSeconds: 3, starts: 3 };

/** The problem of a run without the product. */
export const SIPROXD_ABSENT = "siproxd is not there: neither binary nor source" as const;

/** Starts a subject; one that is absent or does not start is a problem of the run, not its end. */
export async function tryStart<T>(
  bench: Bench,
  start: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const subject = await start();
    if (subject === undefined) {
      bench.problems.push(SIPROXD_ABSENT);
    }
    return subject;
  } catch (error) {
    bench.problems.push(String(error));
    return undefined;
  }
}

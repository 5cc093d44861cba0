import type { Daemon } from "./daemon.ts";
import type { Generators } from "./load.ts";
import type { Lab } from "./lab.ts";

/** A process under test in its own lab. */
export interface Subject {
  readonly name: string;
  readonly lab: Lab;
  readonly generators: Generators;
  readonly daemon: Daemon;
}

/** A process that relays media, and how calls are set up through it. */
export interface MediaSubject extends Subject {
  /** Sets up that many calls and returns a line of media addresses for each. */
  openCalls(count: number): Promise<readonly string[]>;
  /** Ends the calls of the last openCalls. */
  closeCalls(): Promise<void>;
}

/** Where a subject is to be started. */
export interface Place {
  readonly lab: Lab;
  readonly generators: Generators;
}

let lastRun = 0;

/** A number that no other load of this bench has, for Call-IDs and branches. */
export function nextRun(): number {
  return ++lastRun;
}

import { readRecords } from "./record_file.ts";

/** Period of the looks: a save takes about as long. */
const LOOK_INTERVAL_MS = 10;

/** Problems kept: the first ones say what is wrong. */
const MAX_PROBLEMS = 5;

/** Reads the registration file again and again, also at the moments when it is written, and while nobody runs. */
export class FileWatch {
  /** Times that the file was read. */
  reads = 0;
  /** What was wrong with it. */
  readonly problems: string[] = [];
  /** Longest delay of this process's own timer since `restartLag()`: how busy the machine is. */
  lagMs = 0;
  readonly #path: string;
  readonly #timer: number;
  #lastMs = performance.now();

  constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL_MS);
  }

  /** Begins to measure the delay anew. */
  restartLag(): void {
    this.lagMs = 0;
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    this.lagMs = Math.max(this.lagMs, nowMs - this.#lastMs - LOOK_INTERVAL_MS);
    this.#lastMs = nowMs;
    let text: string;
    try {
      text = Deno.readTextFileSync(this.#path);
    } catch (error) {
      // There is none before the first save; later there is always one.
      if (this.reads > 0) this.#note(error);
      return;
    }
    this.reads++;
    try {
      readRecords(text);
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push(error instanceof Error ? error.message : String(error));
  }
}

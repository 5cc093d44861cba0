/** One message as one party saw it. */
export interface LadderStep {
  readonly atMs: number;
  /** Who saw it. */
  readonly party: string;
  readonly direction: "sent" | "received";
  /** The other end. */
  readonly peer: string;
  /** First line of the message. */
  readonly startLine: string;
  /** What is worth seeing in it: addresses that the daemon changes. */
  readonly detail: string;
}

/** Steps kept: a demo has some forty, a loop must not fill the memory. */
const MAX_STEPS = 500;

/** Records what the parties see, in the order of time. */
export class Ladder {
  readonly #steps: LadderStep[] = [];
  readonly #startedAtMs: number = performance.now();

  /** Notes one message. */
  note(step: Omit<LadderStep, "atMs">): void {
    if (this.#steps.length >= MAX_STEPS) return;
    this.#steps.push({ ...step, atMs: performance.now() - this.#startedAtMs });
  }

  /** Writes the ladder, one line a message. */
  lines(): readonly string[] {
    return this.#steps.map(stepLine);
  }
}

function stepLine(step: LadderStep): string {
  const arrow = step.direction === "sent" ? "-->" : "<--";
  const time = `${step.atMs.toFixed(0).padStart(5)} ms`;
  const ends = `${step.party.padEnd(8)} ${arrow} ${step.peer.padEnd(8)}`;
  return `${time}  ${ends}  ${step.startLine}${step.detail === "" ? "" : `   ${step.detail}`}`;
}

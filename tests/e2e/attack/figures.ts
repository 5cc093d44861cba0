/**
 * Figures of the attacks against their limits.
 *
 * Prints one line a figure and counts what held and what did not. It measures nothing. Called by the
 * attacks.
 *
 * @module
 */

/** One measured figure. */
export interface Figure {
  /** Which attack, as `(a) WAN`. */
  readonly attack: string;
  readonly what: string;
  readonly value: number | string;
  readonly unit?: string;
  /** In words, beside the value. */
  readonly limit: string;
  readonly holds: boolean;
  /** The same without an attack, or whatever helps to read the value. */
  readonly beside?: string;
}

/** Time within which measurements are repeated; the attacks alone need two minutes and a half. */
const MEASURE_AGAIN_MS = 200_000;

/** Collects figures and prints them. */
export class FigureReport {
  readonly figures: Figure[] = [];
  readonly #startedMs = performance.now();

  /** Adds one figure and prints it. */
  add(figure: Figure): void {
    this.figures.push(figure);
    console.log(figureLine(figure));
  }

  /** Whether there is time left to measure something again: all attacks together have a few minutes. */
  get hasTime(): boolean {
    return performance.now() - this.#startedMs < MEASURE_AGAIN_MS;
  }

  /** Says something that is no figure. */
  note(text: string): void {
    console.log(`     ${text}`);
  }

  /** An attack that could not be carried out: nothing of it may look as if it had held. */
  broken(attack: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.add({ attack, what: "attack", value: reason, limit: "carried out", holds: false });
  }

  /** Figures that held. */
  get passed(): number {
    return this.figures.filter(({ holds }) => holds).length;
  }

  /** Figures that did not. */
  get failed(): number {
    return this.figures.length - this.passed;
  }

  /** The closing line. */
  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

/** One line: mark, attack, figure, limit. */
export function figureLine(figure: Figure): string {
  const { attack, what, value, unit = "", limit, holds, beside } = figure;
  const text = typeof value === "number" ? `${Math.round(value * 1000) / 1000}` : value;
  const shown = unit === "" ? text : `${text} ${unit}`;
  const more = beside === undefined ? "" : `, ${beside}`;
  return `${holds ? "ok  " : "FAIL"} ${attack}: ${what} ${shown} (${limit}${more})`;
}

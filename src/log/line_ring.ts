/** Keeps the last lines of the log, for a crash report. */
export class LineRing {
  readonly #maxLines: number;
  #lines: string[] = [];

  /** Makes an empty ring. */
  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** Adds a line; the oldest goes. Twice as many are kept for a moment, so that adding stays cheap. */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= 2 * this.#maxLines) this.#lines = this.lines().slice();
  }

  /** The lines, the oldest first. */
  lines(): readonly string[] {
    return this.#lines.slice(-this.#maxLines);
  }
}

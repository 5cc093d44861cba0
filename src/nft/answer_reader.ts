/** What nft said to one line. */
export interface NftAnswer {
  /** Number of the line. */
  readonly serial: number;
  /** Empty when the line was obeyed. */
  readonly problems: readonly string[];
}

/** Problems kept of one answer: the first says what is wrong, the rest follows from it. */
const MAX_PROBLEMS = 8;

/** Characters kept of one line of nft: it repeats ours, of which a batch is some kilobytes long. */
const MAX_LINE_LENGTH_CHARS = 300;

/** What a line is followed by: nft has no word for "done", but it always complains of this one. */
const SENTINEL = /^sync(\d{1,15})!$/;

/**
 * Writes the line after whose complaint an answer is complete.
 *
 * @param serial number of the line in front of it
 * @returns a line that nft cannot understand
 */
export function sentinelLine(serial: number): string {
  return `sync${serial}!`;
}

/**
 * Reads the standard error of `nft -i`, in pieces of any size: success is silent, so each line of ours is followed by
 * a sentinel, and nft's complaint of that ends the answer.
 */
export class NftAnswerReader {
  #rest = "";
  #isCut = false;
  #problems: string[] = [];

  /** What was said that belongs to no answer yet: the last words of an nft that ended. */
  get lastWords(): string {
    return [...this.#problems, this.#rest.trim()].filter((line) => line !== "").join("; ");
  }

  /** Takes a piece of text; gives the answers that it completes. */
  feed(text: string): readonly NftAnswer[] {
    const answers: NftAnswer[] = [];
    const lines = text.split("\n");
    for (const [index, piece] of lines.entries()) {
      this.#append(piece);
      if (index === lines.length - 1) break;
      const answer = this.#takeLine();
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  }

  #append(piece: string): void {
    const room = MAX_LINE_LENGTH_CHARS - this.#rest.length;
    this.#isCut ||= piece.length > room;
    this.#rest += piece.slice(0, Math.max(0, room));
  }

  #takeLine(): NftAnswer | undefined {
    const line = this.#isCut ? `${this.#rest}…` : this.#rest;
    this.#rest = "";
    this.#isCut = false;
    const serial = SENTINEL.exec(line.trim())?.[1];
    if (serial === undefined) {
      this.#keep(line);
      return undefined;
    }
    // The complaint of the sentinel itself is the last line before it.
    const problems = this.#problems.slice(0, -1).filter(isProblem);
    this.#problems = [];
    return { serial: Number(serial), problems };
  }

  /** The line of carets that points into the line above belongs to nothing. */
  #keep(line: string): void {
    if (/^[\s^~]*$/.test(line)) return;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(line);
    else this.#problems[MAX_PROBLEMS - 1] = line;
  }
}

/** nft repeats the line that it complains of; what it says itself begins otherwise. */
function isProblem(line: string): boolean {
  return !/^\s*(?:add|delete|flush|list|table|reset) /.test(line);
}

/**
 * Tells whether the kernel refuses because the process has no right to change the firewall.
 *
 * @param problems of an answer, or last words
 * @returns true for a missing CAP_NET_ADMIN
 */
export function isNotPermitted(problems: string): boolean {
  return problems.includes("Operation not permitted");
}

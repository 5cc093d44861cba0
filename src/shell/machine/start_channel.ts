import { type Terminal, writeLine } from "../logging/terminal.ts";

/** What the detached process tells the first one over its standard output. */
export type StartWord =
  /** A warning or error for the operator's eyes. */
  | { readonly kind: "say"; readonly line: string }
  /** The service is up. */
  | { readonly kind: "ready" };

/** Word of a line that is for the operator. */
const SAY = "say ";

/** The line that tells of the end of the start. */
const READY = "ready";

/**
 * Understands a line of the channel.
 *
 * @param line without its end
 * @returns undefined for anything else, such as what a library prints
 */
export function parseStartWord(line: string): StartWord | undefined {
  if (line === READY) return { kind: "ready" };
  return line.startsWith(SAY) ? { kind: "say", line: line.slice(SAY.length) } : undefined;
}

/** The terminal of a detached process: the first process shows its warnings as long as it waits. */
export const PARENT_TERMINAL: Terminal = Object.freeze({
  levelName: "WARN",
  write: (line: string) => writeLine(Deno.stdout, `${SAY}${line}`),
});

/** Tells the first process that it may end. */
export function tellReady(): void {
  writeLine(Deno.stdout, READY);
}

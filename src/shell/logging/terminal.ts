import type { LevelName } from "@std/log";

/** Where lines for the operator's eyes go, as long as there is an operator. */
export interface Terminal {
  /** Lowest level that is shown. */
  readonly levelName: LevelName;
  /** Takes one line without its end; never throws. */
  readonly write: (line: string) => void;
}

const encoder = new TextEncoder();

/**
 * Writes a line to standard error; a closed or full one must not end the service.
 *
 * @param line without its end
 */
export function writeStderr(line: string): void {
  writeLine(Deno.stderr, line);
}

/**
 * Writes a line to a stream of the process, whatever became of its reader.
 *
 * @param stream standard output or error
 * @param line without its end
 */
export function writeLine(
  stream: { writeSync(bytes: Uint8Array): number },
  line: string,
): void {
  const bytes = encoder.encode(`${line}\n`);
  try {
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch {
    return;
  }
}

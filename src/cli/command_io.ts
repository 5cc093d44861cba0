/** Where a command writes: standard output and error, or a test's lists. */
export interface CommandIo {
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as it is. */
  readonly err: (text: string) => void;
}

/** Exit codes of every command. */
export const EXIT: {
  readonly ok: 0;
  readonly runtime: 1;
  readonly usage: 2;
  readonly configuration: 78;
} = Object.freeze({ ok: 0, runtime: 1, usage: 2, configuration: 78 });

const encoder = new TextEncoder();

/** The process's own standard output and error. */
export const processIo: CommandIo = Object.freeze({
  out: (text: string) => writeAll(Deno.stdout, text),
  err: (text: string) => writeAll(Deno.stderr, text),
});

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
  } catch {
    // The reader went away (`siproxd config | head`): nobody is left to tell.
  }
}

/** Where a command writes: standard output and error, or a test's lists. */
export interface CommandIo {
  /** Writes to standard output, as it is; throws when that cannot take it, unless its reader has gone. */
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
  out: (text: string) => {
    const error = writeAll(Deno.stdout, text);
    // The reader went away (`siproxd config | head`): nobody is left to tell.
    if (error === undefined || error instanceof Deno.errors.BrokenPipe) return;
    throw new Error(`standard output: ${error.message}`);
  },
  err: (text: string) => {
    // There is no further place to tell it.
    writeAll(Deno.stderr, text);
  },
});

function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): Error | undefined {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Short-lived helper programs of the end-to-end tests.
 *
 * Runs a program to its end and hands back what it printed. It keeps no process alive; what has to
 * go on running belongs to process.ts. Called by the namespace, capture and case code.
 *
 * @module
 */

/** What a finished program left behind. */
export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
): Promise<CommandOutput> {
  const output = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** Runs a program that has to succeed and returns its standard output. */
export async function mustRun(command: string, args: readonly string[]): Promise<string> {
  const output = await runCommand(command, args);
  if (output.code !== 0) {
    throw new Error(
      `Cannot run "${command} ${
        args.join(" ")
      }": exit code ${output.code}, ${output.stderr.trim()}`,
    );
  }
  return output.stdout;
}

/** Waits; only for real peers, which have no clock that a test could turn. */
export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Asks again and again until an answer comes or the time is over. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  options: { readonly what: string; readonly timeoutMs: number; readonly intervalMs?: number },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      throw new Error(`Cannot see ${options.what}: not within ${options.timeoutMs} ms`);
    }
    await sleep(options.intervalMs ?? 50);
  }
}

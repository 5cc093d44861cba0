/**
 * Runs the outside programs of the bench: one-shot commands with a deadline, and the load generators'
 * `key=value` output. It starts no daemon and knows no namespace. Every other bench file calls it.
 *
 * @module
 */

/** Longest time a one-shot command may take before it is killed. */
const COMMAND_TIMEOUT_MS = 120_000;

/** What a finished command wrote. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and returns its output; throws when it fails or takes too long. */
export async function runCommand(words: readonly string[]): Promise<CommandOutput> {
  const result = await runQuietly(words);
  if (result.code !== 0) {
    throw new Error(
      `Cannot run "${words.join(" ")}": exit ${result.code}: ${result.stderr.trim()}`,
    );
  }
  return result;
}

/** Runs a command to its end and returns its exit code too; never throws for a failed command. */
export async function runQuietly(
  words: readonly string[],
): Promise<CommandOutput & { readonly code: number }> {
  const [program, ...args] = words;
  const command = new Deno.Command(program ?? "false", {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
  });
  try {
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    return { code: 127, stdout: "", stderr: String(error) };
  }
}

/** Reads every `key=number` of a generator's output. */
export function parseFigures(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const word of text.split(/\s+/)) {
    const equals = word.indexOf("=");
    if (equals > 0) figures.set(word.slice(0, equals), Number(word.slice(equals + 1)));
  }
  return figures;
}

/** Waits; the bench paces real processes, so real time is what it needs. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

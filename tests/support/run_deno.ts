/** What a run of Deno printed on both outputs, and how it ended. */
export interface DenoRun {
  readonly code: number;
  readonly output: string;
}

/** Runs this very Deno with these arguments to its end, without colours; the tables of tests' results are made of it. */
export async function runDeno(args: readonly string[]): Promise<DenoRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

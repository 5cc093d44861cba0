/** The attacker's program: compiled once, started for each attack, and it ends by itself. */

import { parseFigures, runCommand } from "../../bench/shell.ts";
import { onCleanup } from "../support/cleanup.ts";

/** What the program calls its kinds of SIP, where an attack wants one alone. */
export const JUNK_KIND = { invite: 2, options: 3, register: 4 } as const;

/** Compiles the program into a folder. */
export async function compileJunk(folder: string): Promise<string> {
  const here = new URL("./load/", import.meta.url).pathname;
  const files = [`${here}junk_load.c`, `${here}junk_text.c`, `${here}../../../bench/load/common.c`];
  await runCommand(["gcc", "-O2", "-Wall", "-o", `${folder}/junk`, ...files]);
  return `${folder}/junk`;
}

/** One attack that runs. */
export class JunkStream {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<Deno.CommandOutput>;
  readonly #undo: () => Promise<void>;

  constructor(program: string, options: Readonly<Record<string, string | number>>) {
    const args = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, { args, ...pipes }).spawn();
    this.#output = this.#child.output();
    this.#undo = onCleanup(() => this.#end());
  }

  /** Waits for its end; gives what it sent. */
  async figures(): Promise<ReadonlyMap<string, number>> {
    const { success, stdout, stderr } = await this.#output;
    await this.#undo();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`Cannot attack: ${decoder.decode(stderr).trim()}`);
    return parseFigures(decoder.decode(stdout));
  }

  /** Ends it before its time; gives what it sent. */
  stop(): Promise<ReadonlyMap<string, number>> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    return this.figures();
  }

  async #end(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#output;
  }
}

/** Controls echo_agent.ts in a namespace. */

import { sleep } from "./command.ts";
import { numberField, parseJson } from "./json.ts";
import { type ManagedProcess, startProcess } from "./process.ts";

/** A set of echoing media sockets. */
export class Echo {
  #process: ManagedProcess;

  constructor(process: ManagedProcess) {
    this.#process = process;
  }

  /** Packets that a port has received up to now. */
  async received(port: number): Promise<number> {
    // One print interval of the agent, so that the last line holds what has already arrived.
    await sleep(250);
    const lines = (await this.#process.log()).trim().split("\n");
    return numberField(parseJson(lines.at(-1) ?? "{}"), String(port));
  }

  /** Closes the sockets. */
  async stop(): Promise<void> {
    await this.#process.stop("SIGKILL");
  }
}

/** Starts echoing sockets. */
export async function startEcho(
  namespace: string,
  where: { readonly address: string; readonly ports: readonly number[] },
): Promise<Echo> {
  const process = startScript({
    name: "echo",
    namespace,
    script: "echo_agent.ts",
    args: [where.address, ...where.ports.map(String)],
  });
  await process.waitForLog(/\{.*\}/, 10_000);
  return new Echo(process);
}

/** A TypeScript program of this folder to run in a namespace. */
export interface ScriptOptions {
  readonly name: string;
  readonly namespace: string;
  readonly script: string;
  readonly args: readonly string[];
}

/** Starts one of this folder's programs with this very Deno. */
export function startScript(options: ScriptOptions): ManagedProcess {
  const script = new URL(options.script, import.meta.url).pathname;
  return startProcess({
    name: options.name,
    namespace: options.namespace,
    command: Deno.execPath(),
    args: ["run", "-A", "--no-prompt", "--unstable-net", script, ...options.args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
}

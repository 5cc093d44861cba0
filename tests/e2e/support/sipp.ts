/** SIPp, for what a softphone cannot be told to do. */

import { type ManagedProcess, startProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** One scenario run. */
export interface SippOptions {
  /** File in tests/e2e/sipp without `.xml`. */
  readonly scenario: string;
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  /** `host:port` that requests are sent to; absent for a called side. */
  readonly target?: string;
  /** Name of the user on this side; the password is `pw-` + name. */
  readonly user: string;
  /**
   * Values for `[name]` in the scenario; `rport` is what a Via asks for, as a rule `;rport`, `hold` the unspecified
   * address of the own family.
   */
  readonly keys?: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

let runs = 0;

/** A started scenario. */
export class SippRun {
  readonly process: ManagedProcess;
  readonly #scenario: string;
  readonly #directory: string;

  constructor(
    process: ManagedProcess,
    where: { readonly scenario: string; readonly directory: string },
  ) {
    this.process = process;
    this.#scenario = where.scenario;
    this.#directory = where.directory;
  }

  /** Waits for the end; anything but success is an error that quotes SIPp's own words. */
  async finish(): Promise<void> {
    const code = await this.process.exited;
    if (code === 0) return;
    const errors = await readAll(this.#directory, "errors.log");
    throw new Error(
      `SIPp scenario "${this.#scenario}" failed: exit code ${code}, ${errors.slice(0, 1500)}`,
    );
  }

  /** Messages as SIPp saw them. */
  async messages(): Promise<string> {
    return await readAll(this.#directory, "messages.log");
  }
}

/** Starts a scenario. */
export async function startSipp(options: SippOptions): Promise<SippRun> {
  const directory = await makeDirectory(`sipp-${++runs}-${options.scenario}`);
  const scenario = new URL(`../sipp/${options.scenario}.xml`, import.meta.url).pathname;
  const process = startProcess({
    name: `sipp-${options.scenario}`,
    namespace: options.namespace,
    command: "sipp",
    cwd: directory,
    env: { TERM: "dumb" },
    args: [
      ...(options.target === undefined ? [] : [options.target]),
      ...["-sf", scenario, "-i", options.address, "-p", String(options.port)],
      ...["-m", "1", "-nostdin", "-au", options.user, "-ap", `pw-${options.user}`],
      ...["-timeout", `${options.timeoutSeconds}s`, "-timeout_error"],
      ...["-trace_err", "-error_file", `${directory}/errors.log`],
      ...["-trace_msg", "-message_file", `${directory}/messages.log`],
      ...Object.entries({ ...defaultKeys(options), ...options.keys }).flatMap((
        [key, value],
      ) => ["-key", key, value]),
    ],
  });
  return new SippRun(process, { scenario: options.scenario, directory });
}

function defaultKeys({ user, address }: SippOptions): Readonly<Record<string, string>> {
  return { user, rport: ";rport", hold: address.includes(":") ? "::" : "0.0.0.0" };
}

/** Runs a scenario to its end. */
export async function runSipp(options: SippOptions): Promise<void> {
  const run = await startSipp(options);
  await run.finish();
}

async function readAll(directory: string, name: string): Promise<string> {
  return await Deno.readTextFile(`${directory}/${name}`).catch(() => "");
}

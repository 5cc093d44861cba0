/** The example configurations of fixtures/config, made to run in a test. */

import { makeDirectory } from "./work_directory.ts";

const CONFIGURATIONS = new URL("../../../fixtures/config/", import.meta.url);

/** Reads an example. */
export async function readScenario(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`${name}.conf`, CONFIGURATIONS));
}

/** Replaces the values of directives that the file has; one that it has not is a mistake here. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  let edited = text;
  for (const [key, value] of Object.entries(values)) {
    const line = new RegExp(`^(${key} *= *).*$`, "m");
    if (!line.test(edited)) throw new Error(`Cannot replace "${key}": not in the file`);
    edited = edited.replace(line, (_, left: string) => `${left}${value}`);
  }
  return edited;
}

/**
 * An example with its state in a folder of this run and its log switched on. It gives up root as
 * written, to a user that every Debian has.
 */
export async function runnableScenario(text: string, name: string): Promise<string> {
  const directory = await makeDirectory(`state-${name}`);
  await Deno.chmod(directory, 0o777);
  const edited = withValues(text, {
    registration_file: `${directory}/siproxd_registrations`,
    pid_file: `${directory}/siproxd.pid`,
    user: "nobody",
  });
  return `${edited}\nsilence_log = 0\n`;
}

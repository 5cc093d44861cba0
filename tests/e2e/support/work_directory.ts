/** A folder of this run alone for configurations, logs and captures. */

import { onCleanup } from "./cleanup.ts";

let directory: string | undefined;
let keep = Deno.env.get("E2E_KEEP") === "1";

/** Path of the run's folder; made at the first call, removed at the end unless a case failed. */
export function workDirectory(): string {
  if (directory !== undefined) return directory;
  const made = Deno.makeTempDirSync({ prefix: "siproxd-e2e-" });
  directory = made;
  // Programs that give up root (the daemon with `user`, tcpdump) have to reach their files.
  Deno.chmodSync(made, 0o755);
  onCleanup(async () => {
    directory = undefined;
    if (keep) {
      console.log(`logs kept in ${made}`);
      return;
    }
    await Deno.remove(made, { recursive: true });
  });
  return made;
}

/** Leaves the folder in place at the end, so that a failure can be looked into. */
export function keepWorkDirectory(): void {
  keep = true;
}

/** Makes a folder below the run's folder. */
export async function makeDirectory(name: string): Promise<string> {
  const path = `${workDirectory()}/${name}`;
  await Deno.mkdir(path, { recursive: true });
  return path;
}

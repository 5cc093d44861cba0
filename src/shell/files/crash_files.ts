import { err, ok, type Result } from "../../base/result.ts";

/** Files left in the folder: enough for a person to see the pattern, too few to fill a router's flash memory. */
const MAX_FILES = 10;

/** Files of one run: a bug that comes with each packet is told by its first reports. */
const MAX_FILES_PER_RUN = 5;

/** Our own files, and nobody else's. */
const OWN_NAME = /^siproxd-crash-\d{8}T\d{6}Z(?:-\d+)?\.txt$/;

/** Writes crash reports into the folder of the registration file, a bounded number of them. */
export class CrashFiles {
  readonly #folder: string;
  #written = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes one report.
   *
   * @param time RFC 3339, for the name
   * @param text the report
   * @returns the path; or why there is no file, which is the empty text once enough were written
   */
  write(time: string, text: string): Result<string> {
    if (this.#written >= MAX_FILES_PER_RUN) return err("");
    const stamp = `${time.replace(/[-:]/g, "").slice(0, 15)}Z`;
    const suffix = this.#written === 0 ? "" : `-${this.#written}`;
    const path = `${this.#folder}/siproxd-crash-${stamp}${suffix}.txt`;
    this.#written++;
    try {
      this.#makeRoom();
      Deno.writeTextFileSync(path, text, { createNew: true, mode: 0o600 });
      return ok(path);
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
  }

  #makeRoom(): void {
    const names = [...Deno.readDirSync(this.#folder)].map(({ name }) => name)
      .filter((name) => OWN_NAME.test(name)).sort();
    for (const name of names.slice(0, Math.max(0, names.length - MAX_FILES + 1))) {
      Deno.removeSync(`${this.#folder}/${name}`);
    }
  }
}

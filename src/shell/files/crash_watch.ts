import { VERSION } from "../../base/version.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { CrashFiles } from "./crash_files.ts";
import { type Crash, formatCrashReport } from "./crash_report.ts";

/** What a crash watch works with. */
export interface CrashWatchOptions {
  /** Folder of the registration file; undefined where nothing is kept. */
  readonly folder: string | undefined;
  /** Last lines of the log. */
  readonly recent: () => readonly string[];
  /** The configuration in force, passwords hidden. */
  readonly configuration: () => string;
  readonly onLog: (event: LogEvent) => void;
}

/** Writes a report of each bug that was met, and one line that names it. */
export class CrashWatch {
  readonly #options: CrashWatchOptions;
  readonly #files: CrashFiles | undefined;
  readonly #startedAtMs = performance.now();

  constructor(options: CrashWatchOptions) {
    this.#options = options;
    this.#files = options.folder === undefined ? undefined : new CrashFiles(options.folder);
  }

  /** Takes note of a bug. */
  readonly note = (crash: Crash): void => {
    const { recent, configuration } = this.#options;
    if (this.#files === undefined) {
      const [first = ""] = crash.stack.split("\n", 1);
      this.#tell(`No crash report of the ${crash.where}: registration_file is not set; ${first}`);
      return;
    }
    const time = new Date().toISOString();
    const report = formatCrashReport(crash, {
      version: VERSION,
      platform: `${Deno.build.target}, deno ${Deno.version.deno}`,
      time,
      uptimeSeconds: Math.round((performance.now() - this.#startedAtMs) / 1000),
      recent: recent(),
      configuration: configuration(),
    });
    const written = this.#files.write(time, report);
    if (written.ok) this.#tell(`Crash report of the ${crash.where}: ${written.value}`);
    else if (written.error !== "") this.#tell(`Cannot write crash report: ${written.error}`);
  };

  #tell(text: string): void {
    this.#options.onLog({ level: "error", component: "siproxd", event: "crash.report", text });
  }
}

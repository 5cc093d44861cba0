import type { Result } from "../../base/result.ts";
import { changedSettings, changedSettingText } from "../../config/changed_settings.ts";
import type { Config } from "../../config/config.ts";
import { formatIssue, type Issue } from "../../config/issues.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { LogEvent } from "../../log/log_event.ts";

/** What reading the configuration anew gave. */
export interface Reread {
  /** Undefined when something in it cannot be used. */
  readonly loaded: LoadedConfig | undefined;
  readonly issues: readonly Issue[];
}

/** What a reloader works with. */
export interface ReloaderOptions {
  /** The configuration of the start. */
  readonly loaded: LoadedConfig;
  /** Reads the file and the settings of the command line again. */
  readonly reread: () => Reread;
  /** Lets the daemon obey; gives the reason when it cannot, and then nothing has changed. */
  readonly obey: (config: Config) => Promise<Result<undefined>>;
  readonly onLog: (event: LogEvent) => void;
}

/** Takes a new configuration over (SIGHUP): wholly or not at all. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #loaded: LoadedConfig;
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#loaded = options.loaded;
  }

  /** The configuration in force. */
  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** Reloads; what is asked for meanwhile becomes one further reload. Ends when nothing is left to do. */
  request(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#run();
      }
    } finally {
      // In the same step as the last look: a signal may come between two steps.
      this.#running = undefined;
    }
  }

  async #run(): Promise<void> {
    const { reread, obey } = this.#options;
    const { loaded, issues } = reread();
    for (const issue of issues) this.#say(issue.severity, "reload.issue", formatIssue(issue));
    if (loaded === undefined) {
      const errors = issues.filter(({ severity }) => severity === "error").length;
      this.#refuse(`${errors} error${errors === 1 ? "" : "s"} in it`);
      return;
    }
    const changes = changedSettings(this.#loaded, loaded);
    const obeyed = await obey(loaded.config);
    if (!obeyed.ok) {
      this.#refuse(obeyed.error);
      return;
    }
    this.#loaded = loaded;
    for (const change of changes) this.#say("info", "reload.changed", changedSettingText(change));
    const count = changes.length === 0 ? "nothing changed" : `changes: ${changes.length}`;
    this.#say(
      "info",
      "reload.done",
      `SIGHUP: configuration read from ${loaded.fileName}, ${count}`,
    );
  }

  #refuse(reason: string): void {
    const text = `SIGHUP: new configuration refused: ${reason}; the old one stays in force`;
    this.#say("error", "reload.refused", text);
  }

  #say(level: LogEvent["level"], event: string, text: string): void {
    this.#options.onLog({ level, component: "siproxd", event, text });
  }
}

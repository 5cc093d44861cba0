import type { LogEvent } from "../../log/log_event.ts";
import { type PidFile, takePidFile } from "./pid_file.ts";

/** The pid files of this process: one, or with a jail one outside and one inside of it. */
export interface PidFiles {
  /** Removes them; trouble is said. */
  readonly remove: () => void;
}

/**
 * Takes all pid files, before anything else may be changed: two daemons must not share a registration file.
 *
 * @param paths the same one twice, or none, is as good
 * @param say tells trouble
 * @returns undefined when another siproxd runs
 */
export function holdPidFiles(
  paths: readonly (string | undefined)[],
  say: (level: LogEvent["level"], event: string, text: string) => void,
): PidFiles | undefined {
  const held: PidFile[] = [];
  const remove = (): void => {
    for (const file of held) {
      const problem = file.remove();
      if (problem !== undefined) say("warning", "daemon.pid-file", problem);
    }
  };
  for (const path of new Set(paths.filter((path) => path !== undefined))) {
    const taken = takePidFile(path);
    if (taken.kind === "held") held.push(taken.file);
    else if (taken.kind === "failed") say("warning", "daemon.pid-file", taken.text);
    else {
      say("error", "daemon.running", taken.text);
      remove();
      return undefined;
    }
  }
  return { remove };
}

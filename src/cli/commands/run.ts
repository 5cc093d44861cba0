import { quote } from "../../config/issues.ts";
import type { ConfigArgs } from "../args.ts";
import { type CommandIo, EXIT } from "../command_io.ts";
import { countIssues, issueLines, loadConfiguration } from "../load_configuration.ts";
import { VERSION } from "../../base/version.ts";

/** How the daemon is run. */
export interface RunRequest {
  /** The file and the settings of the command line. */
  readonly from: ConfigArgs;
  /** The command line itself, for a daemon that starts itself once more. */
  readonly args: readonly string[];
  /** `detached`: this process is the daemon that another one started and waits for. */
  readonly attachment: "attached" | "detached";
}

/**
 * Runs the daemon until it is told to end, or until the one that it started in the background is up.
 *
 * The daemon's code is imported only here, so that `check` and `config` start fast.
 *
 * @param request which configuration, and how
 * @param io issues go to standard error before anything starts
 * @returns the daemon's exit code, or 78 when the configuration cannot be used
 */
export async function runRun(request: RunRequest, io: CommandIo): Promise<number> {
  const { from, args, attachment } = request;
  const { path, loaded, issues } = loadConfiguration(from);
  io.err(issueLines(issues));
  if (loaded === undefined) {
    const name = path === undefined ? "the command line" : quote(path);
    io.err(`siproxd: Cannot start: ${name} has ${countIssues(issues)}\n`);
    return EXIT.configuration;
  }
  if (loaded.config.daemon.daemonize && attachment === "attached") {
    const { detachSelf } = await import("../../shell/machine/detach_self.ts");
    const exitCode = await detachSelf({ args, say: (line) => io.err(`${line}\n`) });
    if (exitCode !== undefined) return exitCode;
  }
  const { runDaemon } = await import("../../shell/supervisor/run_daemon.ts");
  return await runDaemon({
    loaded,
    configFile: path,
    reread: () => loadConfiguration({ ...from, configFile: path ?? from.configFile }),
    version: VERSION,
    attachment,
  });
}

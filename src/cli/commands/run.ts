import { quote } from "../../config/issues.ts";
import type { ConfigArgs } from "../args.ts";
import { type CommandIo, EXIT } from "../command_io.ts";
import { countIssues, issueLines, loadConfiguration } from "../load_configuration.ts";
import { VERSION } from "../../base/version.ts";

/**
 * Runs the daemon until it is told to end.
 *
 * The daemon's code is imported only here, so that `check` and `config` start fast.
 *
 * @param from the file and the settings of the command line
 * @param io issues go to standard error before anything starts
 * @returns the daemon's exit code, or 78 when the configuration cannot be used
 */
export async function runRun(from: ConfigArgs, io: CommandIo): Promise<number> {
  const { path, loaded, issues } = loadConfiguration(from);
  io.err(issueLines(issues));
  if (loaded === undefined) {
    const name = path === undefined ? "the command line" : quote(path);
    io.err(`siproxd: Cannot start: ${name} has ${countIssues(issues)}\n`);
    return EXIT.configuration;
  }
  const { runDaemon } = await import("../../shell/run_daemon.ts");
  return await runDaemon({
    loaded,
    configFile: path,
    overrides: from.overrides,
    version: VERSION,
  });
}

/**
 * The command line of siproxd: understands arguments, finds the configuration, runs a command and
 * gives its exit code. It opens no socket and keeps no state; the daemon itself lives in the shell.
 * `mod.ts` calls it with the process's arguments.
 *
 * @module
 */
import { assertNever } from "../base/assert_never.ts";
import { type Command, parseCommand } from "./args.ts";
import { type CommandIo, EXIT, processIo } from "./command_io.ts";
import { runCheck } from "./commands/check.ts";
import { runConfig } from "./commands/config.ts";
import { helpText } from "./commands/help.ts";
import { runRun } from "./commands/run.ts";
import { DETACHED_ARGUMENT } from "../shell/machine/detached_argument.ts";
import { versionText } from "./version_text.ts";

/**
 * Runs one command line.
 *
 * @param args without the program's name
 * @param io where to write; standard output and error unless a test says otherwise
 * @returns the exit code: 0 ok, 1 failed while running, 2 wrong usage, 78 unusable configuration
 */
export async function main(args: readonly string[], io: CommandIo = processIo): Promise<number> {
  const isDetached = args[0] === DETACHED_ARGUMENT;
  const own = isDetached ? args.slice(1) : args;
  const command = parseCommand(own);
  if (!command.ok) {
    io.err(`siproxd: ${command.error}\n`);
    return EXIT.usage;
  }
  try {
    if (command.value.kind !== "run") return await runCommand(command.value, io);
    const attachment = isDetached ? "detached" : "attached";
    return await runRun({ from: command.value.from, args: own, attachment }, io);
  } catch (error) {
    // A permission that is missing, or a bug: one line either way, the crash report has the rest.
    io.err(`siproxd: Cannot go on: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.runtime;
  }
}

async function runCommand(
  command: Exclude<Command, { kind: "run" }>,
  io: CommandIo,
): Promise<number> {
  switch (command.kind) {
    case "help":
      // siproxd's help goes to standard error, with status 0.
      io.err(helpText());
      return EXIT.ok;
    case "version":
      io.out(`${versionText()}\n`);
      return EXIT.ok;
    case "check":
      return runCheck(command, io);
    case "config":
      return runConfig(command, io);
    case "status": {
      const { runStatus } = await import("./commands/status.ts");
      return await runStatus(command, io);
    }
    case "demo": {
      const { runDemo } = await import("./commands/demo.ts");
      return await runDemo(command.args, io);
    }
    case "self-test": {
      const { runSelfTest } = await import("./commands/prove_jail.ts");
      return await runSelfTest(command.args, io);
    }
    default:
      return assertNever(command);
  }
}

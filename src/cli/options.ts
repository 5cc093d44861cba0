/** One option of the command line: the only place where its names and help text stand. */
export interface CliOption {
  readonly name: string;
  readonly short?: string;
  /** Word for its value in the help text; undefined for a switch. */
  readonly value?: string;
  readonly help: string;
}

/** One command: what comes first on the command line, `run` without one. */
export interface CliCommand {
  readonly name: string;
  readonly usage: string;
  readonly help: string;
}

/** All options. */
export const CLI_OPTIONS: readonly CliOption[] = Object.freeze([
  { name: "help", short: "h", help: "show this text" },
  {
    name: "config",
    short: "c",
    value: "file",
    help: "use this configuration file; no other place is looked at",
  },
  {
    name: "debug",
    short: "d",
    value: "pattern",
    help: "debug classes: a number (-1 is all) or names such as SIP,REG",
  },
  { name: "pid-file", short: "p", value: "file", help: "write the process id to this file" },
  {
    name: "set",
    value: "key=value",
    help: "set a directive as if it stood last in the file; may be repeated",
  },
  { name: "json", help: "machine-readable output of check, config and status" },
  { name: "all", help: "status: every registration, call and counter, not a screen of them" },
  { name: "version", help: "show the version" },
]);

/** All commands. */
export const CLI_COMMANDS: readonly CliCommand[] = Object.freeze([
  { name: "run", usage: "run", help: "run the daemon (what happens without a command)" },
  {
    name: "check",
    usage: "check [file]",
    help: "say everything that is wrong with a configuration; exit status 0 or 78",
  },
  { name: "config", usage: "config", help: "show the configuration in force, and from where" },
  {
    name: "status",
    usage: "status",
    help: "show the registrations, calls and media of a running daemon",
  },
  { name: "demo", usage: "demo", help: "let two simulated phones call each other through siproxd" },
  {
    name: "self-test",
    usage: "self-test [jail]",
    help: "let what faces the network try to leave its jail; exit status 0 or 1",
  },
]);

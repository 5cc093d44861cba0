import { searchPath } from "../find_config.ts";
import { CLI_COMMANDS, CLI_OPTIONS, type CliOption } from "../options.ts";
import { versionText } from "../version_text.ts";

/** Column at which the explanations start. */
const TEXT_COLUMN = 28;

/**
 * Makes the help text from the tables of options and commands.
 *
 * @returns several lines
 */
export function helpText(): string {
  return [
    versionText(),
    "SIP proxy, masquerading daemon and RTP relay for NAT routers",
    "",
    "Usage: siproxd [command] [options]",
    "",
    "Commands:",
    ...CLI_COMMANDS.map((command) => row(command.usage, command.help)),
    "",
    "Options:",
    ...CLI_OPTIONS.map((option) => row(optionUsage(option), option.help)),
    "",
    "Options win over the configuration file. Without -c the first of these is used, and without",
    "any of them the defaults are:",
    ...searchPath().map((path) => `  ${path}`),
    "",
    "Exit status: 0 all went well, 1 failed while running, 2 wrong usage,",
    "78 the configuration cannot be used.",
    "",
  ].join("\n");
}

function optionUsage(option: CliOption): string {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.value === undefined ? "" : ` <${option.value}>`;
  return `${short}--${option.name}${value}`;
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(TEXT_COLUMN - 3)} ${right}`;
}

import { DEBUG_CLASS_BITS } from "../../base/debug_class.ts";
import { CLI_COMMANDS, CLI_OPTIONS, type CliOption } from "../../cli/options.ts";
import { DIRECTIVES } from "../../config/directives.ts";

/** Options that may stand more than once. */
const REPEATED: readonly string[] = ["set"];

/**
 * Writes the completion for zsh from the tables of commands, options and directives.
 *
 * @returns a file for a folder of `fpath`
 */
export function zshCompletion(): string {
  return [
    "#compdef siproxd",
    '# Completion of siproxd(8) for zsh. Made by "deno task docs".',
    "",
    "_siproxd_directives() {",
    "  local -a directives",
    "  directives=(",
    ...DIRECTIVES.map(({ key, help }) => `    ${quoted(`${key}:${plain(help)}`)}`),
    "  )",
    "  _describe -t directives 'directive' directives -S '='",
    "}",
    "",
    "_siproxd_commands() {",
    "  local -a commands",
    "  commands=(",
    ...CLI_COMMANDS.map(({ name, help }) => `    ${quoted(`${name}:${plain(help)}`)}`),
    "  )",
    "  _describe -t commands 'command' commands",
    "}",
    "",
    "_siproxd() {",
    "  _arguments -s \\",
    ...CLI_OPTIONS.map((option) => `    ${optionSpec(option)} \\`),
    "    '1:command:_siproxd_commands' \\",
    "    '2:configuration:_files'",
    "}",
    "",
    '_siproxd "$@"',
    "",
  ].join("\n");
}

function optionSpec({ name, short, value, help }: CliOption): string {
  const action = value === undefined ? "" : `:${plain(value)}:${valueAction(value)}`;
  const tail = `[${plain(help).replaceAll("[", "(").replaceAll("]", ")")}]${action}`;
  if (REPEATED.includes(name)) return quoted(`*--${name}=${tail}`);
  if (short === undefined) return quoted(`--${name}${tail}`);
  const names = value === undefined ? `{-${short},--${name}}` : `{-${short}+,--${name}=}`;
  return `${quoted(`(-${short} --${name})`)}${names}${quoted(tail)}`;
}

function valueAction(value: string): string {
  switch (value) {
    case "file":
      return "_files";
    case "pattern":
      return `(-1 ${Object.keys(DEBUG_CLASS_BITS).join(" ")})`;
    default:
      return "_siproxd_directives";
  }
}

/** A colon would end a part of zsh's description. */
function plain(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

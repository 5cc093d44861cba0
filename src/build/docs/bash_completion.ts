import { DEBUG_CLASS_BITS } from "../../base/debug_class.ts";
import { CLI_COMMANDS, CLI_OPTIONS } from "../../cli/options.ts";
import { DIRECTIVES } from "../../config/directives.ts";

/**
 * Writes the completion for bash from the tables of commands, options and directives.
 *
 * @returns a file to be sourced; it needs bash alone
 */
export function bashCompletion(): string {
  const options = CLI_OPTIONS.flatMap(({ name, short }) => [
    ...(short === undefined ? [] : [`-${short}`]),
    `--${name}`,
  ]);
  return [
    '# Completion of siproxd(8) for bash. Made by "deno task docs".',
    "# shellcheck shell=bash disable=SC2207",
    "_siproxd() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" word',
    "  COMPREPLY=()",
    '  case "$previous" in',
    `    ${valuePatterns("file")})`,
    '      COMPREPLY=($(compgen -f -- "$current"))',
    "      return",
    "      ;;",
    `    ${valuePatterns("pattern")})`,
    `      COMPREPLY=($(compgen -W "-1 ${Object.keys(DEBUG_CLASS_BITS).join(" ")}" -- "$current"))`,
    "      return",
    "      ;;",
    `    ${valuePatterns("key=value")})`,
    "      compopt -o nospace 2>/dev/null",
    `      COMPREPLY=($(compgen -W "${
      DIRECTIVES.map(({ key }) => `${key}=`).join(" ")
    }" -- "$current"))`,
    "      return",
    "      ;;",
    "  esac",
    "  if [[ $current == -* ]]; then",
    `    COMPREPLY=($(compgen -W "${options.join(" ")}" -- "$current"))`,
    "    return",
    "  fi",
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    "    if [[ $word == check ]]; then",
    '      COMPREPLY=($(compgen -f -- "$current"))',
    "      return",
    "    fi",
    "  done",
    `  COMPREPLY=($(compgen -W "${CLI_COMMANDS.map(({ name }) => name).join(" ")}" -- "$current"))`,
    "}",
    "complete -F _siproxd siproxd",
    "",
  ].join("\n");
}

/** The options that take a value of one kind, as a pattern of `case`. */
function valuePatterns(value: string): string {
  return CLI_OPTIONS.filter((option) => option.value === value)
    .flatMap(({ name, short }) => [...(short === undefined ? [] : [`-${short}`]), `--${name}`])
    .join(" | ");
}

/** Plays one press of the tabulator key: what bash does before and after it calls the function. */
const PRESS = `
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_siproxd
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/**
 * Asks the completion for bash.
 *
 * @param file the completion
 * @param words the command line so far; the last one is being typed
 * @returns what bash would offer
 */
export function bashCompletions(file: string, words: readonly string[]): readonly string[] {
  const { stdout, stderr } = new Deno.Command("bash", {
    args: ["--norc", "--noprofile", "-c", PRESS, "bash", file, ...words],
  }).outputSync();
  const complaint = new TextDecoder().decode(stderr);
  if (complaint !== "") throw new Error(complaint);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

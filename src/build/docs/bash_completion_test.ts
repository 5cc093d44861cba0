import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DIRECTIVES } from "../../config/directives.ts";
import { bashCompletion } from "./bash_completion.ts";

/** Sources the script in a real bash and asks it to complete the last word. */
function complete(...words: readonly string[]): readonly string[] {
  const script = [
    bashCompletion(),
    'COMP_WORDS=("$@")',
    "COMP_CWORD=$(($# - 1))",
    "_siproxd",
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  const { stdout } = new Deno.Command("bash", {
    args: ["--norc", "-c", script, "bash", "siproxd", ...words],
    cwd: new URL("../../../packaging/", import.meta.url),
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** Words behind `siproxd`, the last one being completed, and what is offered. */
const COMPLETIONS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[""], ["run", "check", "config", "status", "demo", "self-test"]],
  [["c"], ["check", "config"]],
  [["nothing-like-it"], []],
  [["--co"], ["--config"]],
  [["--h"], ["--help"]],
  [["-c", "comp"], ["completion"]],
  [["--config", "comp"], ["completion"]],
  [["check", "comp"], ["completion"]],
  [["-d", "RE"], ["REG"]],
  [["--debug", "-"], ["-1"]],
  [["--set", "rtp_port"], ["rtp_port_low=", "rtp_port_high="]],
  [["--set", "xyz"], []],
];

for (const [words, wanted] of COMPLETIONS) {
  Deno.test(`bashCompletion() after "siproxd ${words.join(" ")}" offers ${wanted}`, () => {
    deepStrictEqual(complete(...words), wanted);
  });
}

Deno.test("bashCompletion() offers every directive for --set", () => {
  deepStrictEqual(complete("--set", ""), DIRECTIVES.map(({ key }) => `${key}=`));
});

Deno.test("bashCompletion() ends with a line end", () => {
  strictEqual(bashCompletion().endsWith("complete -F _siproxd siproxd\n"), true);
});

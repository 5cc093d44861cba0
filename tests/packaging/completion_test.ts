import { deepEqual, ok } from "node:assert/strict";
import { bashCompletion } from "../../src/build/docs/bash_completion.ts";
import { CLI_COMMANDS, CLI_OPTIONS } from "../../src/cli/options.ts";
import { DIRECTIVES } from "../../src/config/directives.ts";
import { bashCompletions } from "./bash_completions.ts";

/** What bash offers behind `siproxd`. */
function offered(...words: readonly string[]): readonly string[] {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, bashCompletion());
    return bashCompletions(file, ["siproxd", ...words]);
  } finally {
    Deno.removeSync(file);
  }
}

Deno.test("bashCompletion() offers every command", () => {
  deepEqual(offered(""), CLI_COMMANDS.map(({ name }) => name));
});

Deno.test("bashCompletion() offers every option", () => {
  const options = offered("-");
  for (const { name, short } of CLI_OPTIONS) {
    ok(options.includes(`--${name}`), name);
    if (short !== undefined) ok(options.includes(`-${short}`), short);
  }
});

Deno.test("bashCompletion() offers every directive behind --set", () => {
  deepEqual(offered("--set", ""), DIRECTIVES.map(({ key }) => `${key}=`));
});

for (
  const [words, expected] of [
    [["ch"], ["check"]],
    [["--ver"], ["--version"]],
    [["--set", "use_r"], ["use_rport="]],
    [["-d", "NETT"], ["NETTRAF"]],
    [["-c", "/etc/passw"], ["/etc/passwd"]],
    [["check", "/etc/passw"], ["/etc/passwd"]],
  ] as const
) {
  Deno.test(`bashCompletion() completes ${words.join(" ")}`, () => {
    deepEqual(offered(...words).filter((word) => word !== "/etc/passwd-"), expected);
  });
}

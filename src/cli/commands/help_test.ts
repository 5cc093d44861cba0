import { match, strictEqual } from "node:assert/strict";
import { CLI_COMMANDS, CLI_OPTIONS } from "../options.ts";
import { helpText } from "./help.ts";

for (const option of CLI_OPTIONS) {
  Deno.test(`helpText() explains --${option.name}`, () => {
    const line = helpText().split("\n").find((text) => text.includes(`--${option.name}`)) ?? "";
    match(line, /^ {2}(-[a-z], | {4})--/);
    strictEqual(line.endsWith(option.help), true);
    strictEqual(line.includes(option.value === undefined ? "" : `<${option.value}>`), true);
  });
}

for (const command of CLI_COMMANDS) {
  Deno.test(`helpText() explains the command ${command.name}`, () => {
    const line = helpText().split("\n").find((text) => text.startsWith(`  ${command.usage} `));
    strictEqual(line?.endsWith(command.help), true);
  });
}

Deno.test("helpText() fits a terminal, and its columns stand below each other", () => {
  const rows = helpText().split("\n").filter((line) =>
    line.startsWith("  ") && !line.includes("/")
  );
  for (const row of rows) strictEqual(row.slice(0, 28).endsWith(" "), true, row);
  for (const line of helpText().split("\n")) strictEqual(line.length <= 102, true, line);
});

Deno.test("helpText() names the exit statuses and the searched places", () => {
  match(helpText(), /Exit status: 0 .* 1 .* 2 [^]* 78 |78 the configuration/);
  match(helpText(), /^ {2}\/etc\/siproxd\/siproxd\.conf$/m);
});

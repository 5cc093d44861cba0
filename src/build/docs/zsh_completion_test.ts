import { equal, ok } from "node:assert/strict";
import { CLI_COMMANDS, CLI_OPTIONS } from "../../cli/options.ts";
import { DIRECTIVES } from "../../config/directives.ts";
import { zshCompletion } from "./zsh_completion.ts";

const LINES = zshCompletion().split("\n").map((line) => line.trim());

Deno.test("zshCompletion() says whose completion it is in its first line", () => {
  equal(LINES[0], "#compdef siproxd");
});

Deno.test("zshCompletion() offers every command and directive, each with its help", () => {
  for (const { name, help } of CLI_COMMANDS) ok(LINES.includes(`'${name}:${help}'`), name);
  for (const { key } of DIRECTIVES) {
    ok(LINES.some((line) => line.startsWith(`'${key}:`) && line.endsWith("'")), key);
  }
});

Deno.test("zshCompletion() knows which options take a value and which may be repeated", () => {
  const starts = new Map(CLI_OPTIONS.map(({ name, short, value }) => {
    if (name === "set") return [name, "'*--set=["];
    if (short === undefined) return [name, `'--${name}[`];
    const names = value === undefined ? `{-${short},--${name}}` : `{-${short}+,--${name}=}`;
    return [name, `'(-${short} --${name})'${names}'[`];
  }));
  for (const [name, start = ""] of starts) {
    ok(LINES.some((line) => line.startsWith(start)), name);
  }
});

Deno.test("zshCompletion() writes an apostrophe so that the shell keeps it", () => {
  const bare = LINES.filter((line) => /[a-z]'[a-z]/.test(line));
  equal(bare.join("\n"), "");
});

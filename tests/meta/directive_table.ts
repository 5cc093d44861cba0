/**
 * The table directive → what was changed → what was seen → result, over all directives of siproxd.conf.
 *
 * Runs the tests of tests/directives and, as root, those on the wire whose name begins with `directive`. It holds no
 * expectation of its own; a directive without such a test fails it. Called by `deno task test:directives`.
 *
 * @module
 */
import { DIRECTIVES } from "../../src/config/directives.ts";
import { type DirectiveResult, readDirectiveLines } from "./directive_lines.ts";

/** What a run of tests said, and whether it ended well. */
interface Run {
  readonly code: number;
  readonly output: string;
}

async function run(args: readonly string[]): Promise<Run> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

function row(key: string, found: readonly (DirectiveResult & { readonly test: string })[]): string {
  if (found.length === 0) return `| ${key} | – | – | no test | MISSING |`;
  return found.map(({ change, seen, test, result }) =>
    `| ${key} | ${change} | ${seen} | ${test} | ${result} |`
  ).join("\n");
}

async function main(): Promise<number> {
  const loopback = await run(["test", "-A", "tests/directives"]);
  const wire = await run(["run", "-A", "tests/e2e/run.ts", "directive "]);
  const results = [
    ...readDirectiveLines(loopback.output).map((one) => ({ ...one, test: "tests/directives" })),
    ...readDirectiveLines(wire.output).map((one) => ({ ...one, test: "tests/e2e" })),
  ];
  console.log("| directive | changed | seen | test | result |\n|---|---|---|---|---|");
  let shown = 0;
  for (const { key } of DIRECTIVES) {
    const found = results.filter(({ directive }) => directive === key);
    if (found.some(({ result }) => result === "ok")) shown++;
    console.log(row(key, found));
  }
  const failed = results.filter(({ result }) => result !== "ok").length;
  console.log(`${shown} of ${DIRECTIVES.length} directives shown, ${failed} failed`);
  if (failed > 0 || loopback.code !== 0) console.log(loopback.output.split(" ERRORS ")[1] ?? "");
  if (wire.code !== 0) console.log(wire.output);
  const isAllShown = shown === DIRECTIVES.length && failed === 0;
  return isAllShown && loopback.code === 0 && wire.code === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());

/**
 * The table directive → what was changed → what was seen → result, over all directives of siproxd.conf.
 *
 * Runs the tests of tests/directives and, as root, those on the wire whose name begins with `directive`. It holds no
 * expectation of its own; a directive without such a test fails it. Called by `deno task test:directives`.
 *
 * @module
 */
import { DIRECTIVES } from "../../src/config/directives.ts";
import { runDeno } from "../support/run_deno.ts";
import { type DirectiveResult, readDirectiveLines } from "./directive_lines.ts";

function row(key: string, found: readonly (DirectiveResult & { readonly test: string })[]): string {
  if (found.length === 0) return `| ${key} | – | – | no test | MISSING |`;
  return found.map(({ change, seen, test, result }) =>
    `| ${key} | ${change} | ${seen} | ${test} | ${result} |`
  ).join("\n");
}

async function main(): Promise<number> {
  const loopback = await runDeno(["test", "-A", "tests/directives"]);
  const wire = await runDeno(["run", "-A", "tests/e2e/run.ts", "directive "]);
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

/**
 * The table row → tests → result of the behaviour matrix, over all suites.
 *
 * Runs every test whose name says which row it proves, in the pure core, on loopback and, as root, on the wire of the
 * running daemon. It holds no expectation of its own. Called by `deno task test:matrix`.
 *
 * @module
 */
import { runDeno } from "../support/run_deno.ts";
import { readMatrixLines, type RowResult } from "./matrix_lines.ts";

/** Rows of the matrix. */
const LAST_ROW = 87;

/** Names such as `row 5: …`, `rows 5, 9` and `golden row_05_…`. */
const FILTER = "/\\brows?[ _]\\d/";

async function main(): Promise<number> {
  const folders = ["src", "plugins", "tests/golden", "tests/loopback"];
  const units = await runDeno(["test", "-A", "--filter", FILTER, ...folders]);
  const wire = await runDeno(["run", "-A", "tests/e2e/matrix/run.ts"]);
  const results: readonly RowResult[] = [
    ...readMatrixLines(units.output),
    ...readMatrixLines(wire.output),
  ];
  console.log("| row | test | result |\n|--:|---|---|");
  let missing = 0;
  for (let row = 1; row <= LAST_ROW; row++) {
    const proofs = results.filter((result) => result.row === row);
    if (proofs.length === 0) missing++;
    if (proofs.length === 0) console.log(`| ${row} | no test | MISSING |`);
    for (const { name, result } of proofs) console.log(`| ${row} | ${name} | ${result} |`);
  }
  const failed = results.filter(({ result }) => result !== "ok").length + missing;
  console.log(`${results.length + missing - failed} passed, ${failed} failed`);
  for (const run of [units, wire]) if (run.code !== 0) console.log(run.output);
  return failed === 0 && units.code === 0 && wire.code === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());

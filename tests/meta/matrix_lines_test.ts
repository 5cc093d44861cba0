import { deepStrictEqual } from "node:assert/strict";
import { readMatrixLines } from "./matrix_lines.ts";

Deno.test("readMatrixLines() reads the runner's lines and the table's", () => {
  const output = [
    "golden row_05_refused: row 5: a refused REGISTER ... ok (1ms)",
    "planRegistration() rows 12, 13 and 14 ... FAILED (2ms)",
    "parseUri() keeps 5 rows ... ok (0ms)",
    "| 21 | row 21: INVITE goes out masqueraded | ok |",
    "| 22 | row 22: the answer | FAILED |",
    "running 3 tests",
  ].join("\n");
  deepStrictEqual(readMatrixLines(output).map(({ row, result }) => `${row} ${result}`), [
    "5 ok",
    "12 FAILED",
    "13 FAILED",
    "14 FAILED",
    "21 ok",
    "22 FAILED",
  ]);
});

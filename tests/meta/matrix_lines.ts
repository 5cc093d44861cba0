/** One test that proves a row. */
export interface RowResult {
  readonly row: number;
  readonly name: string;
  readonly result: "ok" | "FAILED";
}

/** `name ... ok (3ms)` of the test runner. */
const RUNNER_LINE = /^(.*\brows?[ _]\d.*) \.\.\. (ok|FAILED) \(.*\)$/;

/** `| 21 | row 21: … | ok |` of the tests on the wire. */
const TABLE_LINE = /^\| \d+ \| (.*\brows?[ _]\d.*) \| (ok|FAILED) \|$/;

/**
 * Reads what tests said about rows of the matrix.
 *
 * @param output of a test run
 * @returns one result for each row that a test names
 */
export function readMatrixLines(output: string): readonly RowResult[] {
  return output.split("\n").flatMap((line) => {
    const found = RUNNER_LINE.exec(line) ?? TABLE_LINE.exec(line);
    const name = found?.[1];
    const result = found?.[2] === "ok" ? "ok" : "FAILED";
    return name === undefined ? [] : rowsOf(name).map((row) => ({ row, name, result } as const));
  });
}

/** `row 5`, `row_05` and `rows 12, 13 and 14` name their rows; a number elsewhere in the name does not count. */
function rowsOf(name: string): readonly number[] {
  const text = /\brows?[ _](\d+(?:(?:, | and )\d+)*)/.exec(name)?.[1] ?? "";
  return text.split(/, | and /).map(Number);
}

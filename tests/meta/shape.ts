/**
 * Prints how long files and functions of src and plugins are, and how much test there is for them:
 * `deno task shape`. It names no single file; the house rules of the linter do.
 * People and continuous integration call it; the exit code is 1 outside of the budgets.
 *
 * @module
 */
import { shapeReport } from "./shape_report.ts";
import { readSource, sourcePaths } from "../support/source_tree.ts";

const ROOT = new URL("../../", import.meta.url);

/** Tools and load generators under tests that test nothing by themselves. */
const NO_TESTS = /^tests\/(?:lint|bench)\//;

function countLines(path: string): number {
  return readSource(path).replace(/\n$/, "").split("\n").length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}

/** Asks the linter, which has the syntax tree; each diagnostic's message is one function's lines. */
function functionLengths(paths: readonly string[]): number[] {
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["lint", "--json", "--config", "tests/lint/shape_lint.json", ...paths],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).outputSync();
  const report: unknown = JSON.parse(new TextDecoder().decode(stdout));
  if (typeof report !== "object" || report === null || !("diagnostics" in report)) {
    throw new Error(`Cannot count functions: ${new TextDecoder().decode(stderr)}`);
  }
  const diagnostics: unknown[] = Array.isArray(report.diagnostics) ? report.diagnostics : [];
  return diagnostics.map((diagnostic) =>
    typeof diagnostic === "object" && diagnostic !== null && "message" in diagnostic
      ? Number(diagnostic.message)
      : NaN
  );
}

function main(): number {
  const paths = sourcePaths().filter((path) => path.endsWith(".ts"));
  const isTest = (path: string): boolean => path.endsWith("_test.ts");
  const code = paths.filter((path) => /^(?:src|plugins)\//.test(path) && !isTest(path));
  const tests = paths.filter((path) =>
    /^(?:src|plugins)\//.test(path)
      ? isTest(path)
      : path.startsWith("tests/") && !NO_TESTS.test(path)
  );
  const files = code.map(countLines);
  const report = shapeReport({
    files,
    functions: functionLengths(code),
    codeLines: sum(files),
    testLines: sum(tests.map(countLines)),
  });
  console.log(report.lines.join("\n"));
  return report.isWithin ? 0 : 1;
}

if (import.meta.main) Deno.exit(main());

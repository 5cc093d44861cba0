/**
 * Makes the table of .github/SECURITY.md from the names of the tests and from what they printed.
 *
 * `deno task security` runs every test whose name ends with requirements such as `(R5)`. `--fuzz N` fuzzes for N seconds
 * too, or takes what a longer run printed into a file; `--e2e` runs the named cases of the end-to-end tests as root;
 * what is not run keeps its last result, and `--table` runs nothing. The figures of the attacks are those that README.md
 * shows. It proves nothing itself. Called by people after tests were added, and before a release.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { runDeno } from "../support/run_deno.ts";
import { readSource } from "../support/source_tree.ts";
import { attackFigures } from "./attack_figures.ts";
import { replaceTable } from "./document.ts";
import { type NamedTest, namedTests } from "./named_tests.ts";
import { type PrintedTest, readPrinted, readResults, resultsOf, writeResults } from "./results.ts";
import { securityTable } from "./table.ts";

const DOCUMENT = new URL("../../.github/SECURITY.md", import.meta.url);

async function outputOf(args: readonly string[]): Promise<string> {
  return (await runDeno(args)).output;
}

async function runTests(tests: readonly NamedTest[]): Promise<readonly PrintedTest[]> {
  const paths = tests.map(({ path }) => path).filter((path) => path.endsWith("_test.ts"));
  const printed = await testsIn(new Set(paths));
  const wrong = printed.filter(({ result }) => result === "FAILED");
  if (wrong.length === 0) return printed;
  const failed = new Set(wrong.map(({ path }) => path));
  console.log(`once more, alone: ${wrong.map(({ path, name }) => `${path}: ${name}`).join(", ")}`);
  return [...printed.filter(({ path }) => !failed.has(path)), ...await testsIn(failed)];
}

async function testsIn(paths: ReadonlySet<string>): Promise<readonly PrintedTest[]> {
  const filter = "/\\(([^()]*, )?R\\d+(, R\\d+)*\\)$/";
  return readPrinted(await outputOf(["test", "-A", "--no-check", "--filter", filter, ...paths]));
}

async function runCases(): Promise<readonly PrintedTest[]> {
  const output = await outputOf(["run", "-A", "tests/e2e/run.ts", "(R"]);
  const printed = readPrinted(output);
  if (printed.length === 0) throw new Error(`Cannot run the end-to-end tests: ${output.trim()}`);
  return printed;
}

/** The last lines of a run of the fuzzer, and its slowest parser; a long run may be a file. */
async function fuzzFigures(fuzz: string): Promise<readonly string[]> {
  const args = ["--v8-flags=--expose-gc", "tests/property/fuzz.ts", "--seconds", fuzz];
  const output = /^\d+$/.test(fuzz)
    ? await outputOf(["run", "-A", ...args])
    : await Deno.readTextFile(fuzz);
  const lines = output.trim().split("\n");
  const memory = lines.filter((line) => line.startsWith("memory: ")).slice(-1);
  const times = lines.flatMap((line) => {
    const found = /^(\S.*?) {2,}.*64 KiB in (\d+\.\d+) ms/.exec(line) ??
      /^(.*?) (?:\d+ )+ns\/octet.*64 KiB in (\d+\.\d+) ms/.exec(line);
    const isWhole = found !== null && !line.includes("octet by octet");
    return isWhole ? [{ parser: found[1] ?? "", ms: Number(found[2]) }] : [];
  });
  const [worst] = times.toSorted((left, right) => right.ms - left.ms);
  const shown = worst === undefined
    ? []
    : [`worst of ${times.length} parsers at 64 KiB: ${worst.parser}, ${worst.ms} ms`];
  return [totalOf(lines), ...memory, ...shown];
}

/** The sums of all runs in a file are one. */
function totalOf(lines: readonly string[]): string {
  const totals = lines.flatMap((line) => {
    const [, inputs, failures] = /^(\d+) inputs, (\d+) failures$/.exec(line) ?? [];
    return inputs === undefined ? [] : [{ inputs: Number(inputs), failures: Number(failures) }];
  });
  const sum = (key: "inputs" | "failures") => totals.reduce((total, one) => total + one[key], 0);
  const runs = totals.length > 1 ? ` in ${totals.length} runs` : "";
  return `${sum("inputs")} inputs, ${sum("failures")} failures${runs}`;
}

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs(args.filter((word) => word !== "--"), {
    string: ["fuzz"],
    boolean: ["e2e", "table"],
  });
  const before = readResults();
  const tests = namedTests();
  const kept = Object.entries(before.tests).filter(([key]) => key.startsWith("tests/e2e/"));
  const units = flags.table ? before.tests : resultsOf(tests, await runTests(tests));
  const cases = flags.e2e ? resultsOf(tests, await runCases()) : Object.fromEntries(kept);
  const results = {
    tests: { ...units, ...cases },
    figures: {
      ...before.figures,
      ...(flags.fuzz === undefined ? {} : { fuzz: await fuzzFigures(flags.fuzz) }),
      attack: attackFigures(readSource("README.md")),
    },
  };
  writeResults(results);
  const { lines, problems } = securityTable(tests, results);
  Deno.writeTextFileSync(DOCUMENT, replaceTable(Deno.readTextFileSync(DOCUMENT), lines));
  for (const problem of problems) console.log(problem);
  const passed = Object.values(results.tests).reduce((sum, result) => sum + result.passed, 0);
  console.log(`${passed} passed, ${problems.length} failed`);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

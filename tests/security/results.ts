import { type NamedTest, namePattern } from "./named_tests.ts";

/** How a named test ended. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
}

/** What the last runs showed, kept in fixtures/security_results.json. */
export interface SecurityResults {
  /** By `path: name`. */
  readonly tests: Readonly<Record<string, TestResult>>;
  /** Lines of programs that measure, by program: `fuzz`, `attack`. */
  readonly figures: Readonly<Record<string, readonly string[]>>;
}

/** One test as a runner printed it. */
export interface PrintedTest {
  readonly path: string;
  readonly name: string;
  readonly result: "ok" | "FAILED";
}

/** `name ... ok (3ms)` of the test runner. */
const RUNNER_LINE = /^(.*) \.\.\. (ok|FAILED) \(.*\)$/;

/** `ok   suite: name (33 ms)` of the end-to-end tests. */
const CASE_LINE = /^(ok {2}|FAIL) [^:]+: (.*) \(\d+ ms\)$/;

/**
 * Reads what a runner printed.
 *
 * @param output of `deno test` or `deno task e2e`
 * @returns each test with its file; cases of the end-to-end tests have none
 */
export function readPrinted(output: string): readonly PrintedTest[] {
  let path = "";
  return output.split("\n").flatMap((line): PrintedTest[] => {
    path = /^running \d+ tests? from \.\/(.*)$/.exec(line)?.[1] ?? path;
    const unit = RUNNER_LINE.exec(line);
    if (unit !== null) {
      return [{ path, name: unit[1] ?? "", result: unit[2] === "ok" ? "ok" : "FAILED" }];
    }
    const one = CASE_LINE.exec(line);
    const result = one?.[1] === "ok  " ? "ok" : "FAILED";
    return one === null ? [] : [{ path: "", name: one[2] ?? "", result }];
  });
}

/** Name of a test in the results. */
export function resultKey({ path, name }: NamedTest): string {
  return `${path}: ${name}`;
}

/**
 * Adds up what was printed for each named test.
 *
 * @param tests that name a requirement
 * @param printed by the runners
 * @returns results of those that ran
 */
export function resultsOf(
  tests: readonly NamedTest[],
  printed: readonly PrintedTest[],
): Readonly<Record<string, TestResult>> {
  const results: Record<string, TestResult> = {};
  for (const test of tests) {
    const pattern = namePattern(test.name);
    const isHere = ({ path, name }: PrintedTest) =>
      (path === test.path || (path === "" && test.path.startsWith("tests/e2e/"))) &&
      pattern.test(name);
    const own = printed.filter(isHere);
    if (own.length === 0) continue;
    const passed = own.filter(({ result }) => result === "ok").length;
    results[resultKey(test)] = { passed, failed: own.length - passed };
  }
  return results;
}

const PATH = new URL("../../fixtures/security_results.json", import.meta.url);

/** Reads what the last runs showed. */
export function readResults(): SecurityResults {
  const value: unknown = JSON.parse(Deno.readTextFileSync(PATH));
  if (!isRecord(value) || !isRecord(value["tests"]) || !isRecord(value["figures"])) {
    throw new Error("Cannot read fixtures/security_results.json: run `deno task security`");
  }
  const tests = Object.entries(value["tests"]).map(([key, result]) =>
    [key, { passed: countOf(result, "passed"), failed: countOf(result, "failed") }] as const
  );
  const figures = Object.entries(value["figures"]).map(([key, lines]) =>
    [key, Array.isArray(lines) ? lines.map(String) : []] as const
  );
  return { tests: Object.fromEntries(tests), figures: Object.fromEntries(figures) };
}

/** Writes them. */
export function writeResults(results: SecurityResults): void {
  Deno.writeTextFileSync(PATH, `${JSON.stringify(results, undefined, 2)}\n`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function countOf(value: unknown, key: string): number {
  const count = isRecord(value) ? value[key] : undefined;
  return typeof count === "number" ? count : 0;
}

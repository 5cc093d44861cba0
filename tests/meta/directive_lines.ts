/** One test in which the effect of a directive is seen. */
export interface DirectiveResult {
  readonly directive: string;
  /** The values that are compared. */
  readonly change: string;
  /** What tells them apart outside. */
  readonly seen: string;
  readonly result: "ok" | "FAILED" | "ignored";
}

/** `  directive KEY: CHANGE => SEEN ... ok (3ms)` of the test runner. */
const RUNNER_LINE = /^ *(directive .*) \.\.\. (ok|FAILED|ignored)(?: \(.*\))?$/;

/** `ok   suite: directive KEY: CHANGE => SEEN (3 ms)` of the tests on the wire. */
const WIRE_LINE = /^(ok {2}|FAIL) [^:]+: (directive .*) \(\d+ ms\)$/;

/** The name of such a test. */
const NAME = /^directive ([a-z0-9_]+): (.*) => (.*)$/;

/**
 * Reads what tests said about effects of directives.
 *
 * @param output of a test run
 * @returns one result for each test that names a directive
 */
export function readDirectiveLines(output: string): readonly DirectiveResult[] {
  return output.split("\n").flatMap((line) => {
    const runner = RUNNER_LINE.exec(line);
    const wire = WIRE_LINE.exec(line);
    const [name, word] = runner === null ? [wire?.[2], wire?.[1]] : [runner[1], runner[2]];
    const [, directive, change, seen] = NAME.exec(name ?? "") ?? [];
    if (directive === undefined || change === undefined || seen === undefined) return [];
    const result = word === "ignored" ? "ignored" : word?.trim() === "ok" ? "ok" : "FAILED";
    return [{ directive, change, seen, result }];
  });
}

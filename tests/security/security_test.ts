import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { readSource } from "../support/source_tree.ts";
import { attackFigures } from "./attack_figures.ts";
import { replaceTable } from "./document.ts";
import { namedTests, namePattern, namesIn, provenBy } from "./named_tests.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { readPrinted, readResults, resultsOf } from "./results.ts";
import { securityTable } from "./table.ts";

Deno.test("SECURITY.md has a test for every requirement, all passed, and its table is fresh: run `deno task security`", () => {
  const { lines, problems } = securityTable(namedTests(), readResults());
  deepStrictEqual(problems, []);
  const document = readSource(".github/SECURITY.md");
  strictEqual(document, replaceTable(document, lines), "SECURITY.md is stale");
});

Deno.test("SECURITY.md links to tests that exist", () => {
  const links = [...readSource(".github/SECURITY.md").matchAll(/\]\(\.\.\/([^)]+)\)/g)];
  strictEqual(links.length > 40, true);
  for (const [, path = ""] of links) strictEqual(readSource(path).length > 0, true, path);
});

Deno.test("REQUIREMENTS are R1 to R30", () => {
  deepStrictEqual(REQUIREMENTS.map(({ id }) => id), REQUIREMENTS.map((_, at) => `R${at + 1}`));
  strictEqual(REQUIREMENTS.length, 30);
});

const SOURCE = [
  'Deno.test("a() does x (R5)", () => {});',
  'Deno.test("b() does y (row 18, R20)", () => {});',
  "Deno.test(`c() of ${one({ two })} and ${three} (R1, R3)`, () => {});",
  "    name: `case ${d} (R11)`,",
  'Deno.test("e() names nothing", () => {});',
  'Deno.test("f() holds the limits of R5", () => {});',
  'Deno.test("g() has a \\"quote\\" (R9)", () => {});',
].join("\n");

Deno.test("namesIn() finds names that end with requirements, with … for what is filled in", () => {
  deepStrictEqual(namesIn(SOURCE), [
    "a() does x (R5)",
    "b() does y (row 18, R20)",
    "c() of … and … (R1, R3)",
    "case … (R11)",
    'g() has a "quote" (R9)',
  ]);
});

Deno.test("provenBy() reads the brackets at the end alone", () => {
  deepStrictEqual(
    ["x (R1, R3)", "x (row 18, R20)", "R5 x", "x (R2) y (R9)", "x (row 7)"].map(provenBy),
    [["R1", "R3"], ["R20"], [], ["R9"], []],
  );
});

Deno.test("namePattern() takes … for anything, and the rest as it stands", () => {
  const pattern = namePattern("c() of … and … (R1)");
  deepStrictEqual(
    ["c() of 1 and 2 (R1)", "c() of 1 or 2 (R1)", "c of 1 and 2 (R1)", "xc() of  and  (R1)"]
      .map((name) => pattern.test(name)),
    [true, false, false, false],
  );
});

const PRINTED = [
  "running 2 tests from ./src/a_test.ts",
  "a() does x (R5) ... ok (3ms)",
  "c() of 1 and 2 (R5) ... FAILED (1s)",
  "running 1 test from ./src/b_test.ts",
  "a() does x (R5) ... ok (3ms)",
  "ok   suite: case one (R11) (33 ms)",
  "FAIL suite: case two (R11) (33 ms)",
].join("\n");

Deno.test("readPrinted() and resultsOf() add up what was printed for each test of its own file", () => {
  const named = (path: string, name: string) => ({ path, name, proves: provenBy(name) });
  const tests = [
    named("src/a_test.ts", "a() does x (R5)"),
    named("src/a_test.ts", "c() of … and … (R5)"),
    named("src/a_test.ts", "d() does not run (R5)"),
    named("tests/e2e/x.ts", "case … (R11)"),
  ];
  deepStrictEqual(resultsOf(tests, readPrinted(PRINTED)), {
    "src/a_test.ts: a() does x (R5)": { passed: 1, failed: 0 },
    "src/a_test.ts: c() of … and … (R5)": { passed: 0, failed: 1 },
    "tests/e2e/x.ts: case … (R11)": { passed: 1, failed: 1 },
  });
});

Deno.test("securityTable() tells what has no test, did not run, failed or is gone", () => {
  const tests = [
    { path: "src/a_test.ts", name: "a (R1)", proves: ["R1"] },
    { path: "src/a_test.ts", name: "b (R2)", proves: ["R2"] },
    { path: "src/a_test.ts", name: "c (R31)", proves: ["R31"] },
    { path: "tests/e2e/x.ts", name: "d (R3)", proves: ["R3"] },
  ];
  const results = {
    tests: {
      "src/a_test.ts: b (R2)": { passed: 1, failed: 1 },
      "src/a_test.ts: z (R2)": { passed: 1, failed: 0 },
    },
    figures: {
      attack: ["(c) foreign packets: 0 (none)", "(e) other: 1 (1)"],
      fuzz: ["0 inputs, 0 failures", "12 inputs, 3 failures", "10 inputs, 0 failures"],
    },
  };
  const { lines, problems } = securityTable(tests, results);
  deepStrictEqual(problems.filter((problem) => !problem.endsWith("has no test")), [
    "not run: src/a_test.ts: a (R1)",
    "failed: src/a_test.ts: b (R2)",
    "no such test any more: src/a_test.ts: z (R2)",
    "fuzz: 0 inputs, 0 failures",
    "fuzz: 12 inputs, 3 failures",
    "no such requirement: c (R31)",
  ]);
  strictEqual(problems.filter((problem) => problem.endsWith("has no test")).length, 27);
  strictEqual(lines.length, 32);
  strictEqual(lines[2]?.endsWith("| 0 passed, 0 failed<br>(c) foreign packets: 0 (none) |"), true);
});

Deno.test("replaceTable() wants its markers", () => {
  throws(() => replaceTable("no markers", []), /Cannot find the table's place/);
});

Deno.test("attackFigures() reads the rows of README's table and nothing else", () => {
  const readme = [
    "| (a) before | 1 | 2 | |",
    "<!-- attack -->",
    "| attack and figure | siproxd | has to be | C siproxd |",
    "| --- | ---: | --- | --- |",
    "| (b) junk packets | 0 | none | all |",
    "| reflection in all | 800 | 1 … 1000 |  |",
    "## Next",
    "| (c) after | 1 | 2 | |",
  ].join("\n");
  deepStrictEqual(attackFigures(readme), [
    "(b) junk packets: 0 (none)",
    "reflection in all: 800 (1 … 1000)",
  ]);
  deepStrictEqual(attackFigures("| (b) junk | 0 | none | |"), []);
});

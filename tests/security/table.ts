import { REQUIREMENTS } from "./requirements.ts";
import type { NamedTest } from "./named_tests.ts";
import { resultKey, type SecurityResults } from "./results.ts";

/** Which printed lines are a requirement's figures: a program, and what its line contains. */
const FIGURES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  R1: [["attack", "(c) foreign packets"], ["attack", "of calls to the attacker"]],
  R3: [["attack", "(b) junk packets"]],
  R6: [["fuzz", " inputs, "], ["fuzz", "memory: "]],
  R10: [["fuzz", "worst"]],
  R14: [["attack", "messages of all methods"]],
  R15: [
    ["attack", "(a) WAN"],
    ["attack", "(d) requests answered on new"],
    ["attack", "(e) memory"],
    ["attack", "(e) phones still registered"],
  ],
  R16: [["attack", "(b) RTP loss"]],
  R17: [["attack", "reflection"]],
  R19: [["attack", "(f) wan_peers = known packets at phones"]],
  R20: [["attack", "(f) wan_peers = known answers"], ["attack", "(f) default numbers"]],
};

/** Longest list of tests in a cell; the search for `(R5)` finds all. */
const MAX_SHOWN_TESTS = 4;

/**
 * Writes the table of SECURITY.md.
 *
 * @param tests that name a requirement
 * @param results of the last runs
 * @returns Markdown lines, and what is missing or failed
 */
export function securityTable(
  tests: readonly NamedTest[],
  results: SecurityResults,
): { readonly lines: readonly string[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const rows = REQUIREMENTS.map(({ id, requirement, answer }) => {
    const proofs = tests.filter(({ proves }) => proves.includes(id));
    if (proofs.length === 0) problems.push(`${id} has no test`);
    for (const proof of proofs) problems.push(...problemsOf(proof, results));
    const cells = [id, requirement, answer, proofCell(proofs), figureCell(id, { proofs, results })];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const known = new Set(tests.map(resultKey));
  for (const key of Object.keys(results.tests)) {
    if (!known.has(key)) problems.push(`no such test any more: ${key}`);
  }
  for (const line of results.figures["fuzz"] ?? []) {
    if (/^0 inputs| inputs, [1-9]\d* failures/.test(line)) problems.push(`fuzz: ${line}`);
  }
  const ids = new Set(REQUIREMENTS.map(({ id }) => id));
  for (const { name, proves } of tests) {
    for (const id of proves) if (!ids.has(id)) problems.push(`no such requirement: ${name}`);
  }
  const head = [
    "| | requirement | what we do | tests that prove it | figures |",
    "|--|--|--|--|--|",
  ];
  return { lines: [...head, ...rows], problems: [...new Set(problems)] };
}

function problemsOf(test: NamedTest, results: SecurityResults): readonly string[] {
  const result = results.tests[resultKey(test)];
  // The end-to-end tests need root, so that not every desk runs them.
  if (result === undefined && test.path.startsWith("tests/e2e/")) return [];
  if (result === undefined) return [`not run: ${resultKey(test)}`];
  return result.failed > 0 ? [`failed: ${resultKey(test)}`] : [];
}

function proofCell(proofs: readonly NamedTest[]): string {
  const byFile = Map.groupBy(proofs, ({ path }) => path);
  const files = [...byFile].slice(0, MAX_SHOWN_TESTS).map(([path, named]) => {
    const first = named[0]?.name.replace(/ \([^()]*\)$/, "") ?? "";
    const more = named.length > 1 ? ` and ${named.length - 1} more` : "";
    return `[${plain(first)}](../${path})${more}`;
  });
  const left = byFile.size - files.length;
  return files.join("<br>") + (left > 0 ? `<br>and in ${left} more files` : "");
}

/** What Markdown would read as markup. */
function plain(name: string): string {
  return name.replace(/[\\`*_[\]<>]/g, "\\$&");
}

function figureCell(
  id: string,
  of: { readonly proofs: readonly NamedTest[]; readonly results: SecurityResults },
): string {
  const { proofs, results } = of;
  const sums = proofs.map((proof) => results.tests[resultKey(proof)] ?? { passed: 0, failed: 0 });
  const passed = sums.reduce((sum, result) => sum + result.passed, 0);
  const failed = sums.reduce((sum, result) => sum + result.failed, 0);
  const own = (FIGURES[id] ?? []).flatMap(([program, words]) =>
    (results.figures[program] ?? []).filter((line) => line.includes(words))
  );
  return [`${passed} passed, ${failed} failed`, ...own.map(plain)].join("<br>");
}

import { readSource, sourcePaths } from "../support/source_tree.ts";

/** A test, or a table of tests, whose name says what it proves. */
export interface NamedTest {
  /** Path from the root. */
  readonly path: string;
  /** Its name as written, with `…` for what a table fills in. */
  readonly name: string;
  /** R1 … R30. */
  readonly proves: readonly string[];
}

/** Where tests are; a case of the end-to-end tests is an object with a name. */
const TEST_FILE = /_test\.ts$|^tests\/e2e\/.*\.ts$/;

/** Has names that only look as if they proved something. */
const OWN_TEST = "tests/security/security_test.ts";

/** A literal behind `Deno.test(` or `name:` that ends with requirements in brackets, perhaps after a row or two. */
const NAMED =
  /(?:Deno\.test\(\s*|\bname: )(["`])((?:(?!\1)[^\\\n]|\\.)*?\((?:[^()]*, )?R\d+(?:, R\d+)*\))\1/g;

/**
 * Lists the tests that name requirements.
 *
 * @returns in the order of path and place
 */
export function namedTests(): readonly NamedTest[] {
  return sourcePaths().filter((path) => TEST_FILE.test(path) && path !== OWN_TEST)
    .flatMap((path) =>
      namesIn(readSource(path)).map((name) => ({ path, name, proves: provenBy(name) }))
    );
}

/** Names of one file, as they are shown. */
export function namesIn(source: string): readonly string[] {
  return [...source.matchAll(NAMED)].map(([, , literal = ""]) =>
    literal.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "…").replace(/\\(.)/g, "$1")
  );
}

/** Requirements in the brackets at the end of a name. */
export function provenBy(name: string): readonly string[] {
  const brackets = /\(([^()]*)\)$/.exec(name)?.[1] ?? "";
  return [...brackets.matchAll(/\bR\d+\b/g)].map(([id]) => id);
}

/**
 * Makes a pattern of a name: what a run printed for it.
 *
 * @param name with `…` for anything
 * @returns a pattern for the whole printed name
 */
export function namePattern(name: string): RegExp {
  const parts = name.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

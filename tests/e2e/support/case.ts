/**
 * Named cases in suites that share a topology.
 *
 * A suite sets its peers up once, runs its cases one after the other, each with a time limit, and
 * tears down. It does not know what a case does. Called by run.ts and by the matrix.
 *
 * @module
 */
import { keepWorkDirectory } from "./work_directory.ts";

/** One named case. */
export interface Case<Bench> {
  readonly name: string;
  readonly timeoutMs: number;
  readonly run: (bench: Bench) => Promise<void>;
}

/** Cases that share what `setUp` made. */
export interface SuiteDefinition<Bench> {
  readonly name: string;
  readonly setUp: () => Promise<Bench>;
  readonly tearDown: (bench: Bench) => Promise<void>;
  readonly cases: readonly Case<Bench>[];
}

/** What came of one case. */
export interface CaseResult {
  readonly suite: string;
  readonly name: string;
  readonly passed: boolean;
  readonly durationMs: number;
  /** Why it failed; empty when it passed. */
  readonly reason: string;
}

/** A suite whose bench type nobody outside needs to know. */
export interface Suite {
  readonly name: string;
  readonly run: (filter: string, report: (result: CaseResult) => void) => Promise<void>;
}

/** Turns a definition into something that a runner can run. */
export function defineSuite<Bench>(definition: SuiteDefinition<Bench>): Suite {
  return {
    name: definition.name,
    run: (filter, report) => runSuite(definition, { filter, report }),
  };
}

interface RunOptions {
  readonly filter: string;
  readonly report: (result: CaseResult) => void;
}

async function runSuite<Bench>(
  definition: SuiteDefinition<Bench>,
  options: RunOptions,
): Promise<void> {
  const wanted = definition.cases.filter((one) =>
    `${definition.name}: ${one.name}`.includes(options.filter)
  );
  if (wanted.length === 0) return;
  const record = (name: string, startedMs: number, error?: unknown): void =>
    options.report({
      suite: definition.name,
      name,
      passed: error === undefined,
      durationMs: Math.round(performance.now() - startedMs),
      reason: error === undefined ? "" : describe(error),
    });
  const startedMs = performance.now();
  let bench: Bench;
  try {
    bench = await definition.setUp();
  } catch (error) {
    keepWorkDirectory();
    // Nothing of a suite that cannot start may look as if it had passed.
    for (const one of wanted) record(one.name, startedMs, new Error(`set-up: ${describe(error)}`));
    return;
  }
  for (const one of wanted) {
    const caseStartedMs = performance.now();
    try {
      await withTimeout(one.run(bench), one.timeoutMs);
      record(one.name, caseStartedMs);
    } catch (error) {
      keepWorkDirectory();
      record(one.name, caseStartedMs, error);
    }
  }
  await definition.tearDown(bench);
}

async function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: number | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Enough to see why; a whole file or message belongs into the kept logs. */
const REASON_CHARACTERS = 1200;

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length <= REASON_CHARACTERS ? text : `${text.slice(0, REASON_CHARACTERS)}…`;
}

/** Collects results and prints one line a case. */
export class Reporter {
  readonly results: CaseResult[] = [];

  /** Adds one result and prints it. */
  add(result: CaseResult): void {
    this.results.push(result);
    const mark = result.passed ? "ok  " : "FAIL";
    console.log(`${mark} ${result.suite}: ${result.name} (${result.durationMs} ms)`);
    if (!result.passed) console.log(`     ${result.reason.replaceAll("\n", "\n     ")}`);
  }

  /** Cases that passed. */
  get passed(): number {
    return this.results.filter((one) => one.passed).length;
  }

  /** Cases that failed. */
  get failed(): number {
    return this.results.length - this.passed;
  }

  /** The closing line. */
  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

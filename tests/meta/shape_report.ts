/** Budgets of the house style: what is typical, and what nothing may exceed. */
export interface Budget {
  readonly typical: number;
  readonly hard: number;
}

/** Lines of a file. */
export const FILE_BUDGET: Budget = { typical: 150, hard: 300 };

/** Lines of a function. */
export const FUNCTION_BUDGET: Budget = { typical: 20, hard: 70 };

/** Lines of test for each line of code, at least. */
export const MIN_TEST_RATIO: number = 1.3;

/** How long files or functions are. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** Measured lines of the whole repository. */
export interface Shape {
  readonly files: readonly number[];
  readonly functions: readonly number[];
  readonly codeLines: number;
  readonly testLines: number;
}

/** The report's text, and whether every budget is kept. */
export interface ShapeReport {
  readonly lines: readonly string[];
  readonly isWithin: boolean;
}

function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/**
 * Sums up lengths by nearest rank.
 *
 * @param lengths any order
 * @returns zeros for no lengths
 */
export function spread(lengths: readonly number[]): Spread {
  const sorted = lengths.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    median: rank(sorted, 0.5),
    p90: rank(sorted, 0.9),
    max: sorted.at(-1) ?? 0,
  };
}

function isWithin({ median, max }: Spread, budget: Budget): boolean {
  return median <= budget.typical && max <= budget.hard;
}

function row(name: string, { count, median, p90, max }: Spread, budget: Budget): string {
  const verdict = isWithin({ count, median, p90, max }, budget) ? "ok" : "too long";
  return `${name}: ${count}, median ${median} (budget ${budget.typical}), p90 ${p90}, ` +
    `max ${max} (budget ${budget.hard}): ${verdict}`;
}

/**
 * Compares measured lines with the budgets.
 *
 * @param shape what was measured
 * @returns three lines, and the verdict
 */
export function shapeReport(shape: Shape): ShapeReport {
  const files = spread(shape.files);
  const functions = spread(shape.functions);
  const ratio = shape.codeLines === 0 ? 0 : shape.testLines / shape.codeLines;
  const isTested = ratio >= MIN_TEST_RATIO;
  return {
    lines: [
      row("files", files, FILE_BUDGET),
      row("functions", functions, FUNCTION_BUDGET),
      `test lines ${shape.testLines} : code lines ${shape.codeLines} = ${ratio.toFixed(2)} ` +
      `(budget ${MIN_TEST_RATIO}): ${isTested ? "ok" : "too few"}`,
    ],
    isWithin: isTested && isWithin(files, FILE_BUDGET) && isWithin(functions, FUNCTION_BUDGET),
  };
}

/** A row of the behaviour matrix as a named case. */

import type { Case } from "../support/case.ts";
import type { Stage } from "./stage.ts";

/** Longer than any row needs that does not wait for a time-out of the daemon itself. */
const ROW_TIMEOUT_MS = 15_000;

/** Names a row's test `row N: …`. */
export function row(
  ...[number, text, run]: readonly [number, string, (stage: Stage) => Promise<void>]
): Case<Stage> {
  return { name: `row ${number}: ${text}`, timeoutMs: ROW_TIMEOUT_MS, run };
}

/** The number in the name of a row's test. */
export function rowNumber(name: string): number {
  return Number(/^row (\d+):/.exec(name)?.[1] ?? NaN);
}

/** Marks the lines in which inside.ts hands results to run.ts. */
export const RESULT_MARK = "RESULT ";

import { Dice } from "./dice.ts";
import type { Target } from "./target.ts";

/** An input that broke a rule, as small as it could be made. */
export interface Found {
  readonly target: string;
  readonly input: Uint8Array<ArrayBuffer>;
  /** First line of what was thrown. */
  readonly reason: string;
}

/** What one hunt did. */
export interface Bag {
  readonly inputs: number;
  readonly failures: number;
  /** One input for each different reason. */
  readonly found: readonly Found[];
}

/** Inputs after which a failure is looked for no more in the same reason. */
const MAX_REASONS = 20;

/**
 * Runs inputs of one target until it is told to stop.
 *
 * @param target what to feed
 * @param options `seed` of this hunt, and `goesOn`, asked before each input
 * @returns how many inputs ran, and what they found
 */
export function hunt(
  target: Target,
  options: { readonly seed: number; readonly goesOn: (inputs: number) => boolean },
): Bag {
  const dice = new Dice(options.seed);
  const found = new Map<string, Found>();
  let inputs = 0, failures = 0;
  while (options.goesOn(inputs)) {
    inputs++;
    const input = target.generate(dice);
    const reason = failureOf(target, input);
    if (reason === undefined) continue;
    failures++;
    const kind = kindOf(reason);
    if (found.has(kind) || found.size >= MAX_REASONS) continue;
    found.set(kind, { target: target.name, input: shrink(target, input), reason });
  }
  return { inputs, failures, found: [...found.values()] };
}

/**
 * Runs one input.
 *
 * @param target what to feed
 * @param input the octets
 * @returns what was thrown, or undefined when the target bore the input
 */
export function failureOf(target: Target, input: Uint8Array): string | undefined {
  try {
    target.run(input);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.message}`.split("\n")[0] ?? "" : String(thrown);
  }
}

/** Reasons that differ in the text they show only are one. */
function kindOf(reason: string): string {
  return reason.split(": ")[0]?.replace(/\d+/g, "0") ?? "";
}

/** Takes away what is not needed to break the same rule, half, then quarters, and so on. */
function shrink(target: Target, input: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const kind = kindOf(failureOf(target, input) ?? "");
  let smallest = input;
  for (let step = input.length >> 1; step >= 1; step >>= 1) {
    for (let at = 0; at + step <= smallest.length;) {
      const candidate = new Uint8Array(smallest.length - step);
      candidate.set(smallest.subarray(0, at));
      candidate.set(smallest.subarray(at + step), at);
      const reason = failureOf(target, candidate);
      if (reason !== undefined && kindOf(reason) === kind) smallest = candidate;
      else at += step;
    }
  }
  return smallest;
}

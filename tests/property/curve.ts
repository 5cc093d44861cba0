import { shapedText, WORST_CASES, type WorstCase } from "./worst_cases.ts";

const SIZES_KIB: readonly number[] = [1, 4, 16, 64];

/** R10: what 64 KiB may cost. */
const MAX_US = 5_000;

/** Costs a KiB at 64 KiB against 4 KiB: an exact line gives 1; short inputs carry their start-up, caches do the rest. */
const MAX_GROWTH = 4;

/** Below this a measurement is mostly noise. */
const NOISE_US = 400;

/** Runs of one input; the fastest counts, since everything else is somebody else's load. */
const RUNS = 7;

/** The curve of one parser: its slowest input of each size. */
export interface Curve {
  readonly line: string;
  readonly isGood: boolean;
}

/**
 * Measures every parser at its worst inputs.
 *
 * @returns one line for each parser, and whether it keeps the limits
 */
export function measureCurves(): readonly Curve[] {
  return WORST_CASES.map(measure);
}

function measure(worst: WorstCase): Curve {
  const times = SIZES_KIB.map((sizeKib) => slowestUs(worst, sizeKib * 1024));
  const cells = times.map((us, index) => {
    const sizeKib = SIZES_KIB[index] ?? 1;
    return `${sizeKib} KiB ${us.toFixed(0)} µs (${(us / sizeKib).toFixed(1)})`;
  });
  const [, atFour = 0, , atSixtyFour = 0] = times;
  const growth = atSixtyFour / 64 / (atFour / 4);
  const isSteep = growth > MAX_GROWTH && atSixtyFour > NOISE_US;
  const isSlow = atSixtyFour > (worst.maxUs ?? MAX_US);
  const verdict = isSlow ? "TOO SLOW" : isSteep ? "TOO STEEP" : "ok";
  return {
    line: `${worst.parser}: ${cells.join(", ")}, growth ${growth.toFixed(1)}: ${verdict}`,
    isGood: !isSlow && !isSteep,
  };
}

function slowestUs(worst: WorstCase, lengthBytes: number): number {
  return Math.max(...worst.shapes.map((shape) => {
    const text = shapedText(shape, lengthBytes);
    return fastestUs(() => worst.run(text));
  }));
}

function fastestUs(run: () => void): number {
  let fastest = Infinity;
  for (let count = 0; count < RUNS; count++) {
    const startMs = performance.now();
    run();
    fastest = Math.min(fastest, (performance.now() - startMs) * 1000);
  }
  return fastest;
}

import { shapedText, WORST_CASES, type WorstCase } from "./worst_cases.ts";

const SIZES_KIB: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

/** R10: what 64 KiB may cost. */
const MAX_US = 5_000;

/** Costs an octet at 64 KiB against 4 KiB: an exact line gives 1; short inputs carry their start-up, caches do the rest. */
const MAX_GROWTH = 4;

/** Below this a measurement is mostly noise. */
const NOISE_US = 400;

/** Runs of one input; the fastest counts, since everything else is somebody else's load. */
const RUNS = 7;

/** Length of the longest bar. */
const BAR_CHARS = 8;
const BARS = "▁▂▃▄▅▆▇█";

/** The curve of one parser: its slowest input of each size. */
export interface Curve {
  readonly line: string;
  readonly isGood: boolean;
}

/** A machine has other things to do: what looks bad is measured again, each time said. */
const MAX_ATTEMPTS = 3;

/**
 * Measures every parser at its worst inputs.
 *
 * @returns one line for each parser, and whether it keeps the limits
 */
export function measureCurves(): readonly Curve[] {
  return WORST_CASES.map((worst) => {
    let curve = measure(worst);
    for (let attempt = 1; attempt < MAX_ATTEMPTS && !curve.isGood; attempt++) {
      const again = measure(worst);
      curve = { ...again, line: `${curve.line}\n  again: ${again.line}` };
    }
    return curve;
  });
}

function measure(worst: WorstCase): Curve {
  const times = SIZES_KIB.map((sizeKib) => slowestUs(worst, sizeKib * 1024));
  const rates = times.map((us, index) => us * 1000 / ((SIZES_KIB[index] ?? 1) * 1024));
  const atSixtyFour = times.at(-1) ?? 0;
  const growth = (rates.at(-1) ?? 0) / (rates[SIZES_KIB.indexOf(4)] ?? 1);
  const isSteep = growth > MAX_GROWTH && atSixtyFour > NOISE_US;
  const isSlow = atSixtyFour > (worst.maxUs ?? MAX_US);
  const verdict = isSlow ? "TOO SLOW" : isSteep ? "TOO STEEP" : "ok";
  const curve = rates.map((rate) => rate.toFixed(0)).join(" ");
  return {
    line: `${worst.parser.padEnd(30)} ${curve} ns/octet ${bars(rates)}, 64 KiB in ${
      (atSixtyFour / 1000).toFixed(2)
    } ms: ${verdict}`,
    isGood: !isSlow && !isSteep,
  };
}

/** A line of bars, one a size; a curve that bends upwards would climb to the right. */
function bars(rates: readonly number[]): string {
  const highest = Math.max(...rates, 1);
  return rates.map((rate) => BARS[Math.ceil(rate / highest * BAR_CHARS) - 1] ?? "▁").join("");
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

/**
 * Feeds everything that reads foreign octets with made-up ones: `deno task fuzz -- --seconds N --seed S --target T`.
 * It knows the grammar and the fixtures, judges the outcomes, and writes what breaks a rule to fixtures/fuzz; it starts
 * no daemon and opens no socket. People and continuous integration call it; the exit code is 1 when anything broke.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { measureCurves } from "./curve.ts";
import { saveCase } from "./found_case.ts";
import { type Bag, hunt } from "./hunt.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** Inputs before the memory is looked at for the first time: code is compiled and caches are full by then. */
const WARM_UP_INPUTS = 3_000;

/** What the whole run may gain: the engine widens its heap once; a leak of 100 bytes an input would be ten times that. */
const MAX_GROWTH_MIB = 128;

function residentMib(): number {
  return Deno.memoryUsage().rss / 1_048_576;
}

function report(target: Target, run: { readonly bag: Bag; readonly spentMs: number }): void {
  const { bag, spentMs } = run;
  const rate = Math.round(bag.inputs / (spentMs / 1000));
  console.log(`${target.name}: ${bag.inputs} inputs, ${rate}/s, ${bag.failures} failures`);
  for (const found of bag.found) console.log(`  ${saveCase(found)}\n    ${found.reason}`);
}

function chase(target: Target, limits: { readonly seed: number; readonly spanMs: number }): Bag {
  const startMs = performance.now();
  const goesOn = (): boolean => performance.now() - startMs < limits.spanMs;
  const bag = hunt(target, { seed: limits.seed, goesOn });
  report(target, { bag, spentMs: performance.now() - startMs });
  return bag;
}

function main(args: readonly string[]): number {
  const flags = parseArgs([...args].filter((word) => word !== "--"), {
    string: ["seconds", "seed", "target"],
  });
  const seconds = Number(flags.seconds ?? 30);
  const seed = Number(flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 1);
  const targets = TARGETS.filter(({ name }) => flags.target === undefined || name === flags.target);
  if (!(seconds > 0) || !Number.isInteger(seed) || targets.length === 0) {
    console.error(
      `Cannot use options: --seconds N --seed N --target ${TARGETS.map((t) => t.name).join("|")}`,
    );
    return 2;
  }
  console.log(`seed ${seed}: run again with --seed ${seed} --seconds ${seconds}`);
  for (const target of targets) {
    hunt(target, {
      seed: 1,
      goesOn: (inputs) => inputs < WARM_UP_INPUTS,
    });
  }
  const before = residentMib();
  const bags = targets.map((target) =>
    chase(target, { seed, spanMs: seconds * 1000 / targets.length })
  );
  const grown = residentMib() - before;
  console.log(`memory: ${before.toFixed(0)} MiB before, ${grown.toFixed(0)} MiB more after`);
  const curves = flags.target === undefined ? measureCurves() : [];
  for (const curve of curves) console.log(curve.line);
  const inputs = bags.reduce((sum, bag) => sum + bag.inputs, 0);
  const failures = bags.reduce((sum, bag) => sum + bag.failures, 0);
  console.log(`${inputs} inputs, ${failures} failures`);
  const isGood = failures === 0 && grown < MAX_GROWTH_MIB && curves.every((curve) => curve.isGood);
  return isGood ? 0 : 1;
}

if (import.meta.main) Deno.exit(main(Deno.args));

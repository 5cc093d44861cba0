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
import { liveHeapMib } from "../support/live_heap.ts";
import { type Bag, hunt } from "./hunt.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** Inputs before the memory is looked at for the first time: code is compiled and caches are full by then. */
const WARM_UP_INPUTS = 3_000;

/** What the whole run may gain: the engine widens its heap once; a leak of 100 bytes an input would be ten times that. */
const MAX_GROWTH_MIB = 128;

/** What the live heap may gain over all: compiled code and caches of the engine, not inputs. */
const MAX_HEAP_GROWTH_MIB = 16;

/** Shares of the time: where an input is a whole history, or is cut three times over, it takes more for as many. */
const SHARES: ReadonlyMap<string, number> = new Map([["core", 6], ["framer", 3], ["message", 2]]);

function residentMib(): number {
  return Deno.memoryUsage().rss / 1_048_576;
}

function chase(target: Target, limits: { readonly seed: number; readonly spanMs: number }): Bag {
  const startMs = performance.now();
  const goesOn = (): boolean => performance.now() - startMs < limits.spanMs;
  const bag = hunt(target, { seed: limits.seed, goesOn });
  const rate = Math.round(bag.inputs / ((performance.now() - startMs) / 1000));
  const counts = `${bag.inputs} inputs, ${rate}/s, ${bag.failures} failures`;
  console.log(`${target.name.padEnd(18)} ${counts}, live heap ${liveHeapMib().toFixed(1)} MiB`);
  for (const found of bag.found) console.log(`  ${saveCase(found)}\n    ${found.reason}`);
  return bag;
}

/** Options; a `--` before them, as other task runners want it, means nothing. */
function readOptions(args: readonly string[]): {
  readonly seconds: number;
  readonly seed: number;
  readonly targets: readonly Target[];
} {
  const flags = parseArgs(args.filter((word) => word !== "--"), {
    string: ["seconds", "seed", "target"],
  });
  return {
    seconds: Number(flags.seconds ?? 30),
    seed: Number(flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 1),
    targets: TARGETS.filter(({ name }) => flags.target === undefined || name === flags.target),
  };
}

function chaseAll(targets: readonly Target[], limits: { seed: number; seconds: number }): Bag[] {
  const shareOf = ({ name }: Target) => SHARES.get(name) ?? 1;
  const shares = targets.reduce((sum, target) => sum + shareOf(target), 0);
  const { seed, seconds } = limits;
  return targets.map((target) =>
    chase(target, { seed, spanMs: seconds * 1000 * shareOf(target) / shares })
  );
}

function main(args: readonly string[]): number {
  const { seconds, seed, targets } = readOptions(args);
  if (!(seconds > 0) || !Number.isInteger(seed) || targets.length === 0) {
    console.error(
      `Cannot use options: --seconds N --seed N --target ${TARGETS.map((t) => t.name).join("|")}`,
    );
    return 2;
  }
  console.log(`seed ${seed}: run again with --seed ${seed} --seconds ${seconds}`);
  for (const target of targets) {
    hunt(target, { seed: 1, goesOn: (inputs) => inputs < WARM_UP_INPUTS });
  }
  const before = { resident: residentMib(), heap: liveHeapMib() };
  const bags = chaseAll(targets, { seed, seconds });
  const grown = { resident: residentMib() - before.resident, heap: liveHeapMib() - before.heap };
  console.log(
    `memory: ${before.resident.toFixed(0)} MiB before, ${
      grown.resident.toFixed(0)
    } MiB more after; ` +
      `live heap ${before.heap.toFixed(1)} MiB before, ${grown.heap.toFixed(1)} MiB more after`,
  );
  const curves = targets.length === TARGETS.length ? measureCurves() : [];
  if (curves.length > 0) console.log("worst time an octet at 1 2 4 8 16 32 64 KiB:");
  for (const curve of curves) console.log(curve.line);
  const inputs = bags.reduce((sum, bag) => sum + bag.inputs, 0);
  const failures = bags.reduce((sum, bag) => sum + bag.failures, 0);
  console.log(`${inputs} inputs, ${failures} failures`);
  const isFlat = grown.resident < MAX_GROWTH_MIB && !(grown.heap >= MAX_HEAP_GROWTH_MIB);
  return failures === 0 && isFlat && curves.every((curve) => curve.isGood) ? 0 : 1;
}

if (import.meta.main) Deno.exit(main(Deno.args));

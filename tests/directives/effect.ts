/**
 * Effects of directives, each seen from outside of the daemon's process.
 *
 * A group is one test with a step for each directive, named `directive KEY: CHANGE => SEEN`; `deno task test:directives`
 * makes its table of these names, and a meta test looks that every directive has one. It holds no expectation of its
 * own. Called by the tests of this folder.
 *
 * @module
 */
import { DirectiveBench } from "./directive_bench.ts";

/** One directive with two values, and what tells them apart. */
export interface Effect {
  readonly directive: string;
  /** The values that are compared, such as `0 → 1`. */
  readonly change: string;
  /** What is different outside. */
  readonly seen: string;
  /** Rights that the process of the test needs for it. */
  readonly needs?: "root";
  readonly run: (bench: DirectiveBench) => Promise<void>;
}

/** Runs effects one after the other at one daemon that obeys by SIGHUP. */
export function effects(group: string, list: readonly Effect[]): void {
  Deno.test(`directives of ${group}`, async (test) => {
    const bench = await DirectiveBench.open();
    try {
      for (const effect of list) {
        await test.step({
          name: effectName(effect),
          ignore: effect.needs === "root" && Deno.uid() !== 0,
          fn: async () => {
            bench.forget();
            await effect.run(bench);
          },
        });
      }
    } finally {
      await bench.close();
    }
  });
}

/** The name of an effect's test. */
export function effectName(effect: Pick<Effect, "directive" | "change" | "seen">): string {
  return `directive ${effect.directive}: ${effect.change} => ${effect.seen}`;
}

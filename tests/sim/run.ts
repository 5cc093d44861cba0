/**
 * Plays many random histories of calls: `deno run tests/sim/run.ts --histories N --seed S`.
 * It opens no socket and waits for no clock; each history is known by its seed and comes again with it.
 * People call it for long runs; `deno task test` plays a short one.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { playHistory } from "./history.ts";

/** Problems shown at most: the first ones say what is wrong. */
const MAX_SHOWN = 10;

function main(args: readonly string[]): number {
  const flags = parseArgs(args.filter((word) => word !== "--"), { string: ["histories", "seed"] });
  const histories = Number(flags.histories ?? 10_000);
  const seed = Number(flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 1);
  console.log(`seed ${seed}: run again with --seed ${seed} --histories ${histories}`);
  const startMs = performance.now();
  let packets = 0, streams = 0, bad = 0;
  for (let index = 0; index < histories; index++) {
    const report = playHistory((seed + index) >>> 0);
    packets += report.packets;
    streams += report.streams;
    if (report.problems.length === 0) continue;
    if (++bad <= MAX_SHOWN) console.log(`history ${report.seed}:\n${report.problems[0]}\n`);
  }
  const seconds = (performance.now() - startMs) / 1000;
  console.log(
    `${histories} histories, ${packets} messages, ${streams} streams, ${bad} broken, ${
      seconds.toFixed(1)
    } s`,
  );
  return bad === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(main(Deno.args));

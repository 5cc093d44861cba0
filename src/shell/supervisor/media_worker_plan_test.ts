import { deepStrictEqual } from "node:assert/strict";
import { defaultConfig } from "../../config/default_config.ts";
import { type MediaWorkerPlan, mediaWorkerPlan } from "./media_worker_plan.ts";

const { rtp } = defaultConfig();

/** Ports 10000 and up. */
function plan(
  workers: number | "auto",
  machine: { readonly cores: number; readonly pairs: number },
): MediaWorkerPlan {
  const portHigh = 10_000 + 2 * (machine.pairs - 1);
  return mediaWorkerPlan({ ...rtp, workers, portLow: 10_000, portHigh }, machine.cores);
}

const AUTO: readonly (readonly [cores: number, pairs: number, workers: number])[] = [
  [1, 1_000, 1],
  [2, 1_000, 1],
  [3, 1_000, 2],
  [4, 128, 2],
  [4, 127, 1],
  [64, 10_000, 2],
];

for (const [cores, pairs, workers] of AUTO) {
  Deno.test(`mediaWorkerPlan() takes ${workers} by itself on ${cores} cores with ${pairs} pairs`, () => {
    deepStrictEqual(plan("auto", { cores, pairs }), { workers, start: "by-need" });
  });
}

Deno.test("mediaWorkerPlan() does what is asked for on every machine", () => {
  for (const workers of [1, 2, 8]) {
    deepStrictEqual(plan(workers, { cores: 1, pairs: 10 }), { workers, start: "all" });
  }
});

Deno.test("mediaWorkerPlan() leaves the default range whole", () => {
  deepStrictEqual(mediaWorkerPlan(rtp, 8), { workers: 1, start: "by-need" });
});

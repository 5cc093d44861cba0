import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { firstIdOf, MAX_MEDIA_WORKERS, portWorker, workerOf } from "./media_share.ts";

const CHANCES = [0, 0.3, 0.999_999_999] as const;

for (const chance of CHANCES) {
  Deno.test(`firstIdOf() puts the isolate into ids that begin by chance ${chance}`, () => {
    const workers = Array.from({ length: MAX_MEDIA_WORKERS }, (_, worker) => worker);
    const first = workers.map((worker) => firstIdOf(worker, () => chance));
    deepStrictEqual(first.map(workerOf), workers);
    // As many pairs as a daemon can use in years.
    deepStrictEqual(first.map((id) => workerOf(id + 2 ** 32 - 2)), workers);
    strictEqual(first.every((id) => Number.isSafeInteger(id + 2 ** 32)), true);
  });
}

Deno.test("firstIdOf() begins elsewhere after a replacement", () => {
  notStrictEqual(firstIdOf(1, () => 0.25), firstIdOf(1, () => 0.75));
});

Deno.test("portWorker() gives both ports of a pair to one isolate, and the next pair to the next", () => {
  const ports = [7070, 7071, 7072, 7073, 7074, 7075, 7076, 7077];
  deepStrictEqual(ports.map((port) => portWorker(port, 3)), [1, 1, 2, 2, 0, 0, 1, 1]);
  deepStrictEqual(ports.map((port) => portWorker(port, 1)), ports.map(() => 0));
});

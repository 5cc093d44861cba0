import { deepStrictEqual } from "node:assert/strict";
import { firstIdOf } from "../../rtp/media_share.ts";
import type { OffloadReport } from "./offload_messages.ts";
import { reportsByWorker } from "./reports_by_worker.ts";

const FIRST = firstIdOf(0, () => 0.5);
const SECOND = firstIdOf(1, () => 0.5);

const BOTH:
  readonly (readonly [OffloadReport, OffloadReport | undefined, OffloadReport | undefined])[] = [
    [{ kind: "ready" }, { kind: "ready" }, { kind: "ready" }],
    [{ kind: "ready", worker: 1 }, undefined, { kind: "ready", worker: 1 }],
    [{ kind: "gone" }, { kind: "gone" }, { kind: "gone" }],
    [
      { kind: "handed", pathIds: [FIRST, SECOND, FIRST + 1] },
      { kind: "handed", pathIds: [FIRST, FIRST + 1] },
      { kind: "handed", pathIds: [SECOND] },
    ],
    [{ kind: "taken", pathIds: [SECOND] }, undefined, { kind: "taken", pathIds: [SECOND] }],
    [
      { kind: "refused", pathIds: [FIRST] },
      { kind: "refused", pathIds: [FIRST] },
      undefined,
    ],
    [
      { kind: "forgotten", pathIds: [FIRST, SECOND] },
      { kind: "forgotten", pathIds: [FIRST] },
      { kind: "forgotten", pathIds: [SECOND] },
    ],
    // Who has no news learns that nothing passed.
    [
      { kind: "counted", counts: [{ pathId: SECOND, packets: 3, bytes: 516 }] },
      { kind: "counted", counts: [] },
      { kind: "counted", counts: [{ pathId: SECOND, packets: 3, bytes: 516 }] },
    ],
  ];

for (const [report, first, second] of BOTH) {
  Deno.test(`reportsByWorker() divides ${JSON.stringify(report)}`, () => {
    const parts = [[0, first], [1, second]].filter(([, part]) => part !== undefined);
    deepStrictEqual(reportsByWorker(report, 2), parts);
    deepStrictEqual(reportsByWorker(report, 1), [[0, report]]);
  });
}

import { workerOf } from "../../rtp/media_share.ts";
import type { OffloadReport } from "./offload_messages.ts";

/**
 * Divides what became of paths in the kernel among the media isolates that handed them over.
 *
 * @param report about all of them
 * @param workers how many isolates there are
 * @returns what each of them is to be told
 */
export function reportsByWorker(
  report: OffloadReport,
  workers: number,
): readonly (readonly [number, OffloadReport])[] {
  if (workers === 1) return [[0, report]];
  const all = Array.from({ length: workers }, (_, worker) => worker);
  switch (report.kind) {
    case "ready":
      return all.filter((worker) => worker === (report.worker ?? worker))
        .map((worker) => [worker, report]);
    case "gone":
      return all.map((worker) => [worker, report]);
    case "counted":
      return all.map((worker) => {
        const counts = report.counts.filter(({ pathId }) => workerOf(pathId) === worker);
        return [worker, { ...report, counts }];
      });
    default:
      return all.flatMap((worker) => {
        const pathIds = report.pathIds.filter((pathId) => workerOf(pathId) === worker);
        return pathIds.length === 0 ? [] : [[worker, { ...report, pathIds }]];
      });
  }
}

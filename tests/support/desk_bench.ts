/** A desk over a table with one stream that both parties talk on, at a clock that a test moves. */

import { FakeTime } from "@std/testing/time";
import type { OffloadReport, OffloadRequest } from "../../src/shell/firewall/offload_messages.ts";
import { OffloadDesk } from "../../src/shell/media/offload_desk.ts";
import type { RelayStream } from "../../src/rtp/relay_stream.ts";
import type { RelayTable } from "../../src/rtp/relay_table.ts";
import { lockRtp, openStream, relayTable } from "./relay_lines.ts";

/** Longer than hand-overs are gathered. */
export const GATHERED_MS = 150;

/** The parts of it. */
export interface DeskBench extends Disposable {
  readonly time: FakeTime;
  readonly table: RelayTable;
  readonly stream: RelayStream;
  /** What the desk asked for. */
  readonly requests: OffloadRequest[];
  readonly desk: OffloadDesk;
  /** Tells the desk of paths. */
  readonly say: (
    kind: "handed" | "refused" | "taken" | "forgotten",
    ...pathIds: readonly number[]
  ) => void;
  /** Counters of paths, 172 bytes a packet. */
  readonly count: (...counts: readonly (readonly [number, number])[]) => OffloadReport;
}

/** A desk over a table with one stream that both parties talk on. */
export function openDesk(state: "on" | "off" = "on"): DeskBench {
  const time = new FakeTime(0);
  const table = relayTable();
  const stream = openStream(table);
  lockRtp(stream);
  const requests: OffloadRequest[] = [];
  const desk = new OffloadDesk({
    post: (request) => requests.push(request),
    table: () => table,
    random: () => 0,
    nowMs: () => time.now,
  });
  if (state === "on") desk.hear({ kind: "ready" });
  const say: DeskBench["say"] = (kind, ...pathIds) => desk.hear({ kind, pathIds });
  const count: DeskBench["count"] = (...counts) => ({
    kind: "counted",
    counts: counts.map(([pathId, packets]) => ({ pathId, packets, bytes: 172 * packets })),
  });
  return {
    time,
    table,
    stream,
    requests,
    desk,
    say,
    count,
    [Symbol.dispose]: () => {
      desk.close();
      time.restore();
    },
  };
}

/** The same, with both directions in the kernel. */
export function handedOver(): DeskBench {
  const bench = openDesk();
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  bench.say("handed", 1, 2);
  return bench;
}

/** Requests in few words. */
export function short(requests: readonly OffloadRequest[]): readonly string[] {
  return requests.map((request) => {
    if (request.kind === "count") return "count";
    const ids = request.kind === "take-back"
      ? request.pathIds
      : request.paths.map(({ pathId }) => pathId);
    return `${request.kind} ${ids.join(",")}`;
  });
}

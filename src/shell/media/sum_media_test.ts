import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openStream, relayTable } from "../../../tests/support/relay_lines.ts";
import { emptyTotals, streamStatistics } from "../../rtp/relay_statistics.ts";
import { RelayTally } from "../../rtp/relay_tally.ts";
import type { MediaStatistics } from "../media_protocol.ts";
import { sumMedia } from "./sum_media.ts";

/** Figures of an isolate with one stream, all different by a factor. */
function figuresOf(streamId: number, factor: number): MediaStatistics {
  return {
    workers: 1,
    totals: { ...emptyTotals(), streams: factor, packets: 10 * factor },
    live: [streamStatistics(openStream(relayTable(), { streamId }))],
    sendErrors: 2 * factor,
    idlePackets: 3 * factor,
    stock: { lan: 4 * factor, wan: 5 * factor },
    tally: new RelayTally().figures(),
    loopLagMs: 6 * factor,
  };
}

Deno.test("sumMedia() adds up the isolates; of delays the worst one counts", () => {
  const [left, right] = [figuresOf(0, 1), figuresOf(1, 10)];
  deepStrictEqual(sumMedia([left, right]), {
    workers: 2,
    totals: { ...emptyTotals(), streams: 11, packets: 110 },
    live: [...left.live, ...right.live],
    sendErrors: 22,
    idlePackets: 33,
    stock: { lan: 44, wan: 55 },
    tally: new RelayTally().figures(),
    loopLagMs: 60,
  });
});

Deno.test("sumMedia() of one isolate is what it told, of none nothing", () => {
  const only = figuresOf(0, 1);
  strictEqual(sumMedia([only]), only);
  strictEqual(sumMedia([]), undefined);
});

import { addTotals } from "../../rtp/relay_statistics.ts";
import { addTallies } from "../../rtp/relay_tally.ts";
import type { MediaStatistics } from "../media_protocol.ts";

/**
 * Adds up the figures of several media isolates.
 *
 * @param all what they told
 * @returns figures as of a single one; undefined when none told any
 */
export function sumMedia(all: readonly MediaStatistics[]): MediaStatistics | undefined {
  const [first, ...others] = all;
  return first === undefined ? undefined : others.reduce(addMedia, first);
}

function addMedia(left: MediaStatistics, right: MediaStatistics): MediaStatistics {
  return {
    workers: left.workers + right.workers,
    totals: addTotals(left.totals, right.totals),
    live: [...left.live, ...right.live],
    sendErrors: left.sendErrors + right.sendErrors,
    idlePackets: left.idlePackets + right.idlePackets,
    stock: {
      lan: left.stock.lan + right.stock.lan,
      wan: left.stock.wan + right.stock.wan,
    },
    tally: addTallies(left.tally, right.tally),
    loopLagMs: Math.max(left.loopLagMs, right.loopLagMs),
  };
}

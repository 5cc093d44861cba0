import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DaemonTally, type TalliedCall } from "./daemon_tally.ts";

const CALL: TalliedCall = {
  dialogId: "a",
  direction: "outgoing",
  method: "INVITE",
  phase: "early",
};

function put(tally: DaemonTally, change: Partial<TalliedCall> & { readonly nowMs: number }): void {
  const { nowMs, ...dialog } = change;
  tally.call({ kind: "put", dialog: { ...CALL, ...dialog } }, nowMs);
}

/** Ended calls as `direction outcome` → count, without zeros. */
function ended(tally: DaemonTally): Readonly<Record<string, number>> {
  return Object.fromEntries(
    tally.figures().callsEnded.filter(({ count }) => count > 0)
      .map(({ direction, outcome, count }) => [`${direction} ${outcome}`, count]),
  );
}

Deno.test("DaemonTally counts an answered call and its set-up time", () => {
  const tally = new DaemonTally();
  put(tally, { nowMs: 1000 });
  put(tally, { nowMs: 4000, phase: "confirmed" });
  put(tally, { nowMs: 9000, phase: "confirmed" });
  put(tally, { nowMs: 9500, phase: "ending" });
  tally.call({ kind: "end", dialogId: "a" }, 10_000);
  tally.call({ kind: "end", dialogId: "a" }, 10_001);
  deepStrictEqual(ended(tally), { "outgoing answered": 1 });
  const { buckets, sum, count } = tally.figures().setupSeconds;
  deepStrictEqual([sum, count], [3, 1]);
  deepStrictEqual(
    buckets.map((bucket) => [bucket.atMost, bucket.count]),
    [[0.5, 0], [1, 0], [2, 0], [5, 1], [10, 1], [20, 1], [30, 1], [60, 1]],
  );
});

Deno.test("DaemonTally counts calls that nobody answered, by direction", () => {
  const tally = new DaemonTally();
  put(tally, { nowMs: 0 });
  put(tally, { nowMs: 0, dialogId: "b", direction: "incoming" });
  put(tally, { nowMs: 0, dialogId: "c", direction: "incoming" });
  for (const dialogId of ["a", "b", "c"]) tally.call({ kind: "end", dialogId }, 1);
  deepStrictEqual(ended(tally), { "outgoing unanswered": 1, "incoming unanswered": 2 });
  strictEqual(tally.figures().setupSeconds.count, 0);
});

Deno.test("DaemonTally takes no subscription for a call, and no set-up time from the middle", () => {
  const tally = new DaemonTally();
  put(tally, { nowMs: 0, dialogId: "s", method: "SUBSCRIBE" });
  put(tally, { nowMs: 0, phase: "confirmed" });
  put(tally, { nowMs: 50, phase: "confirmed" });
  for (const dialogId of ["s", "a"]) tally.call({ kind: "end", dialogId }, 1);
  deepStrictEqual(ended(tally), { "outgoing answered": 1 });
  strictEqual(tally.figures().setupSeconds.count, 0);
});

Deno.test("DaemonTally counts lost isolates, changed addresses and reloads from the log", () => {
  const tally = new DaemonTally();
  tally.begin("203.0.113.1");
  strictEqual(tally.figures().lastReload, undefined);
  for (
    const event of [
      { event: "isolate.lost", fields: { isolate: "media" } },
      { event: "isolate.lost", fields: { isolate: "signalling" } },
      { event: "isolate.lost", fields: { isolate: "media" } },
      { event: "network.changed", fields: { lan: "10.0.0.2", wan: "203.0.113.1" } },
      { event: "network.changed", fields: { lan: "10.0.0.2", wan: "down" } },
      { event: "network.changed", fields: { lan: "10.0.0.2", wan: "203.0.113.9" } },
      { event: "reload.refused" },
      { event: "reload.done" },
      { event: "sip.bug" },
    ]
  ) tally.event(event);
  const { isolatesLost, wanAddressChanges, lastReload } = tally.figures();
  deepStrictEqual({ isolatesLost, wanAddressChanges, lastReload }, {
    isolatesLost: { signalling: 1, media: 2 },
    wanAddressChanges: 2,
    lastReload: "done",
  });
});

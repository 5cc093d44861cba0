import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { RelayTally } from "../../rtp/relay_tally.ts";
import { MediaWatch } from "./media_watch.ts";

Deno.test("MediaWatch knows no delay before it has a pace", () => {
  const watch = new MediaWatch();
  watch.beat(0);
  watch.beat(9_000);
  deepStrictEqual(watch.figures(9_000), { tally: new RelayTally().figures(), loopLagMs: 0 });
});

Deno.test("MediaWatch.pace() begins anew", () => {
  const watch = new MediaWatch();
  watch.pace(1_000);
  watch.beat(0);
  watch.beat(1_250);
  strictEqual(watch.figures(1_250).loopLagMs, 250);
  watch.pace(500);
  strictEqual(watch.figures(1_250).loopLagMs, 0);
});

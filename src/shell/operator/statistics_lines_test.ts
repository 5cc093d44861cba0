import { deepStrictEqual } from "node:assert/strict";
import { RelayTally } from "../../rtp/relay_tally.ts";
import { memoryLines, statisticsLines } from "./statistics_lines.ts";

const SIGNALLING = {
  counters: new Map([["sip_received", 5], ["sip_dropped{loop}", 1]]),
  bindings: 2,
  dialogs: 1,
  waitingMessages: 0,
  messages: [],
  loopLagMs: 0,
  heapUsedBytes: 10,
  heapTotalBytes: 20,
};

const MEDIA = {
  workers: 1,
  totals: {
    streams: 3,
    packets: 100,
    bytes: 17_200,
    from: { lan: { packets: 60, bytes: 10_320 }, wan: { packets: 40, bytes: 6880 } },
    dropped: { source: 4 },
  },
  live: [],
  sendErrors: 0,
  idlePackets: 7,
  stock: { lan: 16, wan: 15 },
  tally: new RelayTally().figures(),
  loopLagMs: 0,
};

Deno.test("statisticsLines() writes both isolates' figures", () => {
  deepStrictEqual(statisticsLines({ signalling: SIGNALLING, media: MEDIA }), [
    "signalling: registrations=2 dialogs=1 waiting=0",
    "signalling: sip_received=5",
    "signalling: sip_dropped{loop}=1",
    "media: streams=0 stock_lan=16 stock_wan=15 send_errors=0 idle_packets=7",
    "media: streams=3 packets=100 bytes=17200 from.lan.packets=60 from.lan.bytes=10320 " +
    "from.wan.packets=40 from.wan.bytes=6880 dropped.source=4",
  ]);
});

Deno.test("statisticsLines() says so when the signalling isolate does not answer", () => {
  const lines = statisticsLines({ signalling: undefined, media: undefined });
  deepStrictEqual(lines, ["signalling: no answer"]);
});

Deno.test("memoryLines() writes the process's and the isolates' memory", () => {
  const process = { rss: 1, heapTotal: 2, heapUsed: 3, external: 4 };
  deepStrictEqual(memoryLines(process, { signalling: SIGNALLING, media: undefined }), [
    "memory: rss=1 supervisor_heap_used=3 supervisor_heap_total=2",
    "memory: signalling_heap_used=10 signalling_heap_total=20",
  ]);
});

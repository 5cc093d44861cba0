import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { UNUSED_SOCKET } from "../../tests/support/relay_packets.ts";
import { ip } from "../../tests/support/address.ts";
import { openStream, relayTable } from "../../tests/support/relay_lines.ts";
import {
  addTotals,
  copyTotals,
  countDrop,
  emptyTotals,
  type RelayTotals,
  streamStatistics,
  sumStream,
} from "./relay_statistics.ts";
import { createRelayStream, type RelayStream } from "./relay_stream.ts";
import {
  DROP_NO_TARGET,
  DROP_NOT_RTP,
  DROP_SOURCE,
  DROP_STUN,
  DROP_TOO_LONG,
  DROP_UNKNOWN_PARTY,
  FORWARD,
  LEARN_AND_FORWARD,
} from "./verdict.ts";

function streamOf(streamId: number): RelayStream {
  const bound = (side: "lan" | "wan", rtpPort: number) => ({
    pair: {
      pairId: rtpPort,
      side,
      address: ip(side === "lan" ? "10.0.0.1" : "192.0.2.1"),
      rtpPort,
    },
    rtp: UNUSED_SOCKET,
    rtcp: UNUSED_SOCKET,
  });
  return createRelayStream({
    streamId,
    callId: `call-${streamId}`,
    mediaIndex: 1,
    payload: "rtp",
    lan: bound("lan", 7072),
    wan: bound("wan", 7070),
    nowMs: 1000,
  });
}

/** Figures that no two places share, so that a mix-up shows. */
function usedStream(streamId: number): RelayStream {
  const stream = streamOf(streamId);
  Object.assign(stream.lan.rtp, { packets: 100, bytes: 17_200 });
  Object.assign(stream.lan.rtcp, { packets: 3, bytes: 84 });
  Object.assign(stream.wan.rtp, { packets: 50, bytes: 8_600 });
  Object.assign(stream.wan.rtcp, { packets: 2, bytes: 56 });
  stream.lan.rtp.verdicts[FORWARD] = 99;
  stream.lan.rtp.verdicts[LEARN_AND_FORWARD] = 1;
  stream.lan.rtp.verdicts[DROP_SOURCE] = 5;
  stream.lan.rtcp.verdicts[DROP_NOT_RTP] = 7;
  stream.wan.rtp.verdicts[DROP_SOURCE] = 11;
  stream.wan.rtcp.verdicts[DROP_TOO_LONG] = 13;
  return stream;
}

Deno.test("emptyTotals() is a sum of nothing, each one its own", () => {
  const totals = emptyTotals();
  deepStrictEqual(totals, {
    streams: 0,
    packets: 0,
    bytes: 0,
    from: { lan: { packets: 0, bytes: 0 }, wan: { packets: 0, bytes: 0 } },
    dropped: {},
  });
  totals.from.lan.packets = 1;
  totals.dropped["source"] = 1;
  deepStrictEqual(emptyTotals().from.lan, { packets: 0, bytes: 0 });
  deepStrictEqual(emptyTotals().dropped, {});
});

const USED: RelayTotals = {
  streams: 1,
  packets: 155,
  bytes: 25_940,
  from: { lan: { packets: 103, bytes: 17_284 }, wan: { packets: 52, bytes: 8_656 } },
  dropped: { source: 16, not_rtp: 7, too_long: 13 },
};

Deno.test("sumStream() adds all four ends by side, and refusals by reason", () => {
  const totals = emptyTotals();
  sumStream(totals, usedStream(1));
  deepStrictEqual(totals, USED);
});

Deno.test("sumStream() of a second stream adds to the first", () => {
  const totals = emptyTotals();
  sumStream(totals, usedStream(1));
  sumStream(totals, usedStream(2));
  deepStrictEqual(totals, {
    streams: 2,
    packets: 310,
    bytes: 51_880,
    from: { lan: { packets: 206, bytes: 34_568 }, wan: { packets: 104, bytes: 17_312 } },
    dropped: { source: 32, not_rtp: 14, too_long: 26 },
  });
});

Deno.test("sumStream() of an unused stream counts the stream alone", () => {
  const totals = emptyTotals();
  sumStream(totals, streamOf(1));
  deepStrictEqual(totals, { ...emptyTotals(), streams: 1 });
});

Deno.test("copyTotals() is equal and shares nothing", () => {
  const copy = copyTotals(USED);
  deepStrictEqual(copy, USED);
  sumStream(copy, usedStream(2));
  strictEqual(copy.dropped["source"], 32);
  deepStrictEqual(USED, {
    streams: 1,
    packets: 155,
    bytes: 25_940,
    from: { lan: { packets: 103, bytes: 17_284 }, wan: { packets: 52, bytes: 8_656 } },
    dropped: { source: 16, not_rtp: 7, too_long: 13 },
  });
});

const REASONS: readonly (readonly [number, string])[] = [
  [DROP_SOURCE, "source"],
  [DROP_UNKNOWN_PARTY, "unknown_party"],
  [DROP_NOT_RTP, "not_rtp"],
  [DROP_STUN, "stun"],
  [DROP_NO_TARGET, "no_target"],
  [DROP_TOO_LONG, "too_long"],
  [8, "unknown"],
  [-1, "unknown"],
];

for (const [verdict, reason] of REASONS) {
  Deno.test(`countDrop() counts verdict ${verdict} as ${reason} (R3)`, () => {
    const dropped: Record<string, number> = {};
    countDrop(dropped, { verdict, amount: 2 });
    countDrop(dropped, { verdict, amount: 40 });
    deepStrictEqual(dropped, { [reason]: 42 });
  });
}

Deno.test("countDrop() of nothing makes no reason known", () => {
  const dropped: Record<string, number> = {};
  countDrop(dropped, { verdict: DROP_SOURCE, amount: 0 });
  deepStrictEqual(dropped, {});
});

Deno.test("streamStatistics() tells each leg's own figures", () => {
  const stream = usedStream(9);
  stream.lan.flow = "held";
  Object.assign(stream.wan.rtp, { lockedHost: "203.0.113.9", lockedPort: 40_000 });
  deepStrictEqual(streamStatistics(stream), {
    streamId: 9,
    callId: "call-9",
    mediaIndex: 1,
    relay: "daemon",
    lan: {
      rtpPort: 7072,
      flow: "held",
      packets: 100,
      bytes: 17_200,
      rtcpPackets: 3,
      dropped: 12,
      source: "",
    },
    wan: {
      rtpPort: 7070,
      flow: "active",
      packets: 50,
      bytes: 8_600,
      rtcpPackets: 2,
      dropped: 24,
      source: "203.0.113.9 40000",
    },
  });
});

Deno.test("streamStatistics() counts no forwarded packet as dropped (R3)", () => {
  const stream = streamOf(1);
  stream.lan.rtp.verdicts[FORWARD] = 1000;
  stream.lan.rtp.verdicts[LEARN_AND_FORWARD] = 4;
  strictEqual(streamStatistics(stream).lan.dropped, 0);
  stream.lan.rtcp.verdicts[DROP_STUN] = 1;
  strictEqual(streamStatistics(stream).lan.dropped, 1);
});

for (const side of ["lan", "wan"] as const) {
  Deno.test(`streamStatistics() tells that the kernel relays what comes from the ${side} side`, () => {
    const table = relayTable();
    const stream = openStream(table, { streamId: 1 });
    stream[side].rtp.inKernel = true;
    strictEqual(streamStatistics(stream).relay, "kernel");
  });
}

Deno.test("addTotals() adds up everything, each reason by itself", () => {
  const sums = (packets: number, dropped: RelayTotals["dropped"]): RelayTotals => ({
    streams: packets,
    packets,
    bytes: 10 * packets,
    from: {
      lan: { packets: 2 * packets, bytes: 20 * packets },
      wan: { packets: 3 * packets, bytes: 30 * packets },
    },
    dropped,
  });
  const left = sums(1, { source: 1, stun: 2 });
  const right = sums(4, { source: 3, not_rtp: 5 });
  deepStrictEqual(addTotals(left, right), sums(5, { source: 4, stun: 2, not_rtp: 5 }));
  deepStrictEqual([left, right], [
    sums(1, { source: 1, stun: 2 }),
    sums(4, { source: 3, not_rtp: 5 }),
  ]);
});

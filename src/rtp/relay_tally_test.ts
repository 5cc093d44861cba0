import { deepStrictEqual } from "node:assert/strict";
import { ip } from "../../tests/support/address.ts";
import {
  PHONE,
  playPackets,
  relayEnd,
  rtpPacket,
  UNUSED_SOCKET,
} from "../../tests/support/relay_packets.ts";
import { createRelayStream } from "./relay_stream.ts";
import { addTallies, RelayTally } from "./relay_tally.ts";
import { noteRtp } from "./rtp_quality.ts";

Deno.test("RelayTally.lock() tells how a source was learnt", () => {
  const tally = new RelayTally();
  const exact = relayEnd();
  playPackets(exact, [[PHONE.address, PHONE.port, 1_010, "learned"]]);
  tally.lock(exact);
  playPackets(exact, [[PHONE.address, 4_444, 9_000, "learned"]]);
  tally.lock(exact);
  const moved = relayEnd();
  playPackets(moved, [[PHONE.address, 4_002, 1_010, "learned"]]);
  tally.lock(moved);
  const waiting = relayEnd({ announced: "wait" });
  playPackets(waiting, [["198.51.100.7", 5_000, 1_010, "learned"]]);
  tally.lock(waiting);
  deepStrictEqual(tally.figures().locks, {
    announced: 1,
    other_port: 1,
    any_source: 1,
    rebound: 1,
  });
});

function streamOf() {
  const bound = (side: "lan" | "wan", text: string) => ({
    pair: { pairId: 1, side, address: ip(text), rtpPort: 7_070 },
    rtp: UNUSED_SOCKET,
    rtcp: UNUSED_SOCKET,
  });
  const lan = bound("lan", "10.0.0.1");
  const wan = bound("wan", "192.0.2.1");
  return createRelayStream({
    ...{ streamId: 1, callId: "c", mediaIndex: 0, payload: "rtp", lan, wan, nowMs: 0 },
  });
}

/** A stream whose Internet side sent for a second. */
function spokenStream() {
  const stream = streamOf();
  const packet = rtpPacket();
  for (let index = 0; index < 60; index++) {
    new DataView(packet.buffer).setUint16(2, index);
    new DataView(packet.buffer).setUint32(4, index * 160);
    noteRtp(stream.wan.rtp.quality, packet, index * 20);
  }
  return stream;
}

Deno.test("RelayTally.end() tells loss and jitter of the side that spoke", () => {
  const tally = new RelayTally();
  tally.end(spokenStream());
  const { lossRatio, jitterSeconds } = tally.figures();
  const counts = [lossRatio.lan, lossRatio.wan, jitterSeconds.lan, jitterSeconds.wan];
  deepStrictEqual(counts.map(({ count }) => count), [0, 1, 0, 1]);
  deepStrictEqual(lossRatio.wan.buckets[0], { atMost: 0, count: 1 });
});

Deno.test("RelayTally.end() of a stream without media tells nothing", () => {
  const tally = new RelayTally();
  tally.end(streamOf());
  deepStrictEqual(tally.figures(), new RelayTally().figures());
});

Deno.test("addTallies() adds up what two tables noticed", () => {
  const [left, right] = [new RelayTally(), new RelayTally()];
  const [near, moved] = [relayEnd(), relayEnd()];
  playPackets(near, [[PHONE.address, PHONE.port, 1_010, "learned"]]);
  playPackets(moved, [[PHONE.address, 4_002, 1_010, "learned"]]);
  left.lock(near);
  right.lock(near);
  right.lock(moved);
  const stream = spokenStream();
  right.end(stream);
  const once = right.figures();
  left.end(stream);
  left.end(stream);
  const { locks, lossRatio, jitterSeconds } = addTallies(left.figures(), once);
  deepStrictEqual(locks, { announced: 2, other_port: 1, any_source: 0, rebound: 0 });
  const counts = [lossRatio.lan, lossRatio.wan, jitterSeconds.lan, jitterSeconds.wan];
  deepStrictEqual(counts.map(({ count }) => count), [0, 3, 0, 3]);
  deepStrictEqual(lossRatio.wan.buckets[0], { atMost: 0, count: 3 });
});

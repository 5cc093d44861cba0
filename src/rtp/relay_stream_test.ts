import { deepStrictEqual } from "node:assert/strict";
import { mediaAddress, UNUSED_SOCKET } from "../../tests/support/relay_packets.ts";
import type { Side } from "../base/socket_address.ts";
import {
  announceParty,
  type BoundPair,
  createRelayStream,
  dejitterStream,
  streamEnds,
} from "./relay_stream.ts";

function pairOf(side: Side): BoundPair {
  const { address } = mediaAddress("10.0.0.1", 7070);
  const pair = { pairId: side === "lan" ? 1 : 2, side, address, rtpPort: 7070 };
  return { pair, rtp: UNUSED_SOCKET, rtcp: UNUSED_SOCKET };
}

Deno.test("dejitterStream() evens out RTP of the sides that have a delay, and nothing else", () => {
  const table: readonly (readonly [
    payload: "rtp" | "other",
    lan: number,
    wan: number,
    delays: readonly (number | undefined)[],
  ])[] = [
    ["rtp", 0, 0, [undefined, undefined, undefined, undefined]],
    ["rtp", 20, 0, [20, undefined, undefined, undefined]],
    ["rtp", 0, 40, [undefined, undefined, 40, undefined]],
    ["rtp", 0.5, 1500, [0.5, undefined, 1500, undefined]],
    ["other", 20, 40, [undefined, undefined, undefined, undefined]],
  ];
  for (const [payload, lan, wan, delays] of table) {
    const ids = { streamId: 1, callId: "call", mediaIndex: 0, payload, nowMs: 0 };
    const stream = createRelayStream({ ...ids, lan: pairOf("lan"), wan: pairOf("wan") });
    dejitterStream(stream, { lan, wan });
    deepStrictEqual(streamEnds(stream).map(({ dejitter }) => dejitter?.delayMs), delays);
  }
});

Deno.test("announceParty() takes what its party sends from now on, and leaves the other side alone", () => {
  const ids = { streamId: 1, callId: "call", mediaIndex: 0, payload: "rtp", nowMs: 0 } as const;
  const stream = createRelayStream({ ...ids, lan: pairOf("lan"), wan: pairOf("wan") });
  const announced = [undefined, "other", undefined, "rtp"] as const;
  const seen = announced.map((payload) => {
    const party = { rtp: undefined, rtcp: undefined, written: "x:1", flow: "active" } as const;
    const told = payload === undefined ? party : { ...party, payload };
    announceParty(stream, { side: "lan", party: told, nowMs: 0 });
    return streamEnds(stream).map((end) => end.payload);
  });
  deepStrictEqual(seen, [
    ["rtp", "rtp", "rtp", "rtp"],
    ["other", "other", "rtp", "rtp"],
    ["other", "other", "rtp", "rtp"],
    ["rtp", "rtp", "rtp", "rtp"],
  ]);
});

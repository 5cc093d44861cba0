import { deepStrictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";
import type { MediaSocket } from "../../rtp/relay_end.ts";
import { type BoundPair, createRelayStream } from "../../rtp/relay_stream.ts";
import { expiredEvent, lockEvent, refusedEvent } from "./media_events.ts";

const SOCKET: MediaSocket = { send: () => Promise.resolve(0) };

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

function pair(side: "lan" | "wan"): BoundPair {
  const address = ip(side === "lan" ? "10.0.0.1" : "203.0.113.1");
  return { pair: { pairId: 1, side, address, rtpPort: 7070 }, rtp: SOCKET, rtcp: SOCKET };
}

const STREAM = createRelayStream({
  streamId: 5,
  callId: "c1",
  mediaIndex: 1,
  payload: "rtp",
  lan: pair("lan"),
  wan: pair("wan"),
  nowMs: 0,
});

Deno.test("expiredEvent() names the call in siproxd's words", () => {
  deepStrictEqual(expiredEvent(STREAM), {
    level: "info",
    component: "rtp",
    event: "rtp.expired",
    text: "RTP stream c1 (media=1) has expired",
    fields: { callId: "c1", mediaIndex: 1 },
  });
});

Deno.test("refusedEvent() says why", () => {
  const ids = { streamId: 5, callId: "c1", mediaIndex: 1, lanPairId: 1, wanPairId: 2 };
  deepStrictEqual(refusedEvent({ kind: "open", payload: "rtp", ...ids }, "no pair"), {
    level: "error",
    component: "rtp",
    event: "rtp.refused",
    text: "Cannot open RTP stream c1 (media=1): no pair",
    fields: { callId: "c1", mediaIndex: 1 },
  });
});

Deno.test("lockEvent() names the source", () => {
  const end = { ...STREAM.wan.rtp, lockedHost: "198.51.100.9", lockedPort: 5000 };
  deepStrictEqual(lockEvent(end), {
    level: "debug",
    component: "rtp",
    event: "rtp.lock",
    fields: { streamId: 5, side: "wan", component: "rtp", source: "198.51.100.9:5000" },
    debugClass: "RTP",
  });
});

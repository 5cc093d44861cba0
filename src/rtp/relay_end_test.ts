import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  mediaAddress,
  PHONE,
  playPackets,
  relayEnd,
  UNUSED_SOCKET,
} from "../../tests/support/relay_packets.ts";
import { announceEnd, createRelayEnd, mediaTarget } from "./relay_end.ts";

Deno.test("createRelayEnd() knows nobody", () => {
  const init = { streamId: 3, side: "wan", component: "rtcp", payload: "rtp" } as const;
  const end = createRelayEnd({ ...init, socket: UNUSED_SOCKET });
  playPackets(end, [["10.0.0.10", 4000, 1, "unknown_party"]]);
  deepStrictEqual([end.target, end.outlet, end.lockedPort], [undefined, undefined, 0]);
});

Deno.test("mediaTarget() gives one frozen object", () => {
  const target = mediaTarget("10.0.0.10", 4000);
  deepStrictEqual(target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  strictEqual(Object.isFrozen(target), true);
});

Deno.test("announceEnd() opens learning for a changed address and only then (R2)", () => {
  const end = relayEnd();
  playPackets(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  const same = announceEnd(end, { address: PHONE, nowMs: 2000, learning: "keep" });
  strictEqual(same, "unchanged");
  playPackets(end, [["10.0.0.10", 4000, 2001, "forwarded"]]);
  const changed = announceEnd(end, {
    address: mediaAddress("10.0.0.11", 4444),
    nowMs: 3000,
    learning: "keep",
  });
  strictEqual(changed, "reopened");
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.11", port: 4444 });
  playPackets(end, [
    ["10.0.0.10", 4000, 3001, "source"],
    ["10.0.0.11", 4444, 3002, "learned"],
    ["10.0.0.10", 4000, 9000, "source"],
  ]);
});

Deno.test("announceEnd() to an unusable address stops sending at once", () => {
  const end = relayEnd();
  playPackets(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  announceEnd(end, { address: undefined, nowMs: 2000, learning: "keep" });
  strictEqual(end.target, undefined);
});

Deno.test("announceEnd() forgets the lock of an unchanged address when its RTP was opened again", () => {
  const end = relayEnd();
  playPackets(end, [["10.0.0.10", 4444, 1001, "learned"]]);
  announceEnd(end, { address: PHONE, nowMs: 2000, learning: "reopen" });
  playPackets(end, [["10.0.0.10", 4445, 2001, "learned"]]);
});

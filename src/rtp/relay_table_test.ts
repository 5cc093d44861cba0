import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  announceCommand,
  callUp,
  LAN,
  onlyStream,
  openCommand,
  relayParty,
  relayTable,
  sendPacket,
  WAN,
} from "../../tests/support/relay_calls.ts";
import { mediaAddress } from "../../tests/support/relay_packets.ts";

Deno.test("RelayTable.apply() opens a stream that drops until its parties are known", () => {
  const table = relayTable();
  const [effect, ...others] = table.apply(openCommand(1), 0);
  strictEqual(effect?.kind, "start");
  deepStrictEqual(others, []);
  const { lan } = onlyStream(table);
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }), "unknown_party");
  table.apply(announceCommand([1, "lan"], relayParty(mediaAddress("10.0.0.10", 4000))), 2);
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 3 }), "no_target");
});

Deno.test("RelayTable relays RTP and RTCP both ways", () => {
  const { lan, wan } = onlyStream(callUp());
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }), "1/wan 203.0.113.9 9000");
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 1 }), "1/lan 10.0.0.10 4000");
  strictEqual(
    sendPacket(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" }),
    "1/wan 203.0.113.9 9001",
  );
  strictEqual(
    sendPacket(wan.rtcp, { from: "203.0.113.9 9001", nowMs: 1, kind: "rtcp" }),
    "1/lan 10.0.0.10 4001",
  );
});

Deno.test("RelayTable sends to the locked source instead of the announced one", () => {
  const { lan, wan } = onlyStream(callUp());
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 61000", nowMs: 1 }), "1/lan 10.0.0.10 4000");
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "1/wan 203.0.113.9 61000");
});

Deno.test("RelayTable.apply() opens learning again for the side that changed only", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 1 });
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.9", 9000))), 2);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9002", nowMs: 3 }), "source");
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.77", 9500))), 4);
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 5 }), "1/wan 203.0.113.77 9500");
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4008", nowMs: 5 }), "source");
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 6 }), "source");
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.77 9500", nowMs: 7 }), "1/lan 10.0.0.10 4000");
});

Deno.test("RelayTable.apply() lets RTCP follow an RTP address that changed alone", () => {
  const table = callUp();
  const { wan } = onlyStream(table);
  sendPacket(wan.rtcp, { from: "203.0.113.9 9001", nowMs: 1, kind: "rtcp" });
  const rtcp = mediaAddress("203.0.113.9", 9001);
  table.apply(
    announceCommand([1, "wan"], {
      rtp: mediaAddress("203.0.113.9", 9010),
      rtcp,
      written: "203.0.113.9:9010",
      flow: "active",
    }),
    2,
  );
  strictEqual(wan.rtcp.lockedPort, 0);
});

Deno.test("RelayTable never sends to a party on hold at 0.0.0.0", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  table.apply(announceCommand([1, "lan"], relayParty(undefined, "held")), 2);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 3 }), "no_target");
  table.apply(announceCommand([1, "lan"], relayParty(mediaAddress("10.0.0.10", 4000))), 4);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 5 }), "1/lan 10.0.0.10 4000");
});

Deno.test("RelayTable.apply() closes a stream once", () => {
  const table = callUp();
  const stream = onlyStream(table);
  deepStrictEqual(table.apply({ kind: "close", streamId: 1 }, 5), [
    { kind: "stop", stream, reason: "closed" },
  ]);
  deepStrictEqual(table.apply({ kind: "close", streamId: 1 }, 6), []);
  deepStrictEqual(table.apply(announceCommand([1, "lan"], relayParty(undefined)), 7), []);
  strictEqual(table.size, 0);
});

Deno.test("RelayTable.apply() refuses a used id and pairs that are gone", () => {
  const table = callUp();
  const command = openCommand(1);
  deepStrictEqual(table.apply(command, 1), [
    { kind: "refuse", command, reason: "stream id is in use" },
  ]);
  const gone = openCommand(-5);
  deepStrictEqual(table.apply(gone, 1), [
    { kind: "refuse", command: gone, reason: "port pair is not in stock" },
  ]);
  strictEqual(table.size, 1);
});

Deno.test("RelayTable.sweep() ends a stream after rtp_timeout without a packet", () => {
  const table = callUp();
  const stream = onlyStream(table);
  deepStrictEqual(table.sweep(299_999), []);
  deepStrictEqual(table.sweep(300_000), [{ kind: "stop", stream, reason: "expired" }]);
  strictEqual(table.size, 0);
});

Deno.test("RelayTable.sweep() takes packets of either side for life, RTCP not", () => {
  const table = callUp();
  const { wan, lan } = onlyStream(table);
  sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 200_000 });
  deepStrictEqual(table.sweep(499_999), []);
  sendPacket(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 490_000, kind: "rtcp" });
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 490_000, kind: "rtcp" });
  sendPacket(lan.rtp, { from: "198.51.100.1 4000", nowMs: 490_000 });
  strictEqual(table.sweep(500_000).length, 1);
});

Deno.test("RelayTable.sweep() waits for rtp_hold_timeout while a party is held", () => {
  const table = callUp();
  table.apply(
    announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.9", 9000), "held")),
    1000,
  );
  deepStrictEqual(table.sweep(14_400_999), []);
  table.apply(
    announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.9", 9000))),
    14_400_999,
  );
  deepStrictEqual(table.sweep(14_700_998), []);
  strictEqual(table.sweep(14_700_999).length, 1);
});

Deno.test("RelayTable.reconfigure() changes the time limit of live streams", () => {
  const table = callUp();
  table.reconfigure({
    timeouts: { timeoutMs: 10, holdTimeoutMs: 20 },
    own: { lan: LAN, wan: WAN, advertised: undefined, portLow: 7000, portHigh: 8999 },
  });
  strictEqual(table.sweep(10).length, 1);
});

Deno.test("RelayTable.totals() adds live and closed streams", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  sendPacket(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  sendPacket(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  const from = { lan: { packets: 1, bytes: 60 }, wan: { packets: 0, bytes: 0 } };
  const expected = { streams: 1, packets: 1, bytes: 60, from, dropped: { source: 2 } };
  deepStrictEqual(table.totals(), expected);
  table.apply({ kind: "close", streamId: 1 }, 2);
  deepStrictEqual(table.totals(), expected);
  table.apply(openCommand(1), 3);
  deepStrictEqual(table.totals(), { ...expected, streams: 2 });
});

Deno.test("RelayTable.statistics() tells each live stream's figures", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  sendPacket(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" });
  sendPacket(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  const quiet = { flow: "active", packets: 0, bytes: 0, rtcpPackets: 0, dropped: 0, source: "" };
  deepStrictEqual(table.statistics(), [{
    streamId: 1,
    callId: "call-1",
    mediaIndex: 0,
    relay: "daemon",
    lan: {
      ...quiet,
      rtpPort: 7002,
      packets: 1,
      bytes: 60,
      rtcpPackets: 1,
      source: "10.0.0.10 4000",
    },
    wan: { ...quiet, rtpPort: 8002, dropped: 1 },
  }]);
});

Deno.test("RelayTable.apply() opens learning for a party whose unusable address was written anew", () => {
  const table = callUp();
  const { wan } = onlyStream(table);
  const unusable = (written: string) => ({
    rtp: undefined,
    rtcp: undefined,
    written,
    flow: "active",
  } as const);
  table.apply(announceCommand([1, "wan"], unusable("192.168.1.5:4000")), 1);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 2 }), "1/lan 10.0.0.10 4000");
  table.apply(announceCommand([1, "wan"], unusable("192.168.1.5:4000")), 3);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9200", nowMs: 4 }), "source");
  table.apply(announceCommand([1, "wan"], unusable("192.168.1.5:4200")), 5);
  strictEqual(sendPacket(wan.rtp, { from: "203.0.113.9 9200", nowMs: 6 }), "1/lan 10.0.0.10 4000");
});

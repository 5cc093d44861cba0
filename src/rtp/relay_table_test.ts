import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import type { Side, SocketAddress } from "../base/socket_address.ts";
import type { RelayCommand, RelayParty } from "./relay_command.ts";
import { createArrival, decideRelay } from "./relay_decision.ts";
import type { MediaSocket, RelayEnd } from "./relay_end.ts";
import type { BoundPair, RelayStream } from "./relay_stream.ts";
import { RelayTable } from "./relay_table.ts";
import { VERDICT_NAMES } from "./verdict.ts";

const SOCKET: MediaSocket = { send: () => Promise.resolve(0) };
const LAN = address("10.0.0.1");
const WAN = address("192.0.2.1");
const ADVERTISED = address("203.0.113.1");

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function at(text: string, port: number): SocketAddress {
  return { address: address(text), port };
}

/** Ports of stream n: LAN 7000 + 2n, WAN 8000 + 2n. */
function pair(pairId: number, side: Side): BoundPair {
  const rtpPort = (side === "lan" ? 7000 : 8000) + 2 * pairId;
  const bound = side === "lan" ? LAN : WAN;
  return { pair: { pairId, side, address: bound, rtpPort }, rtp: SOCKET, rtcp: SOCKET };
}

function newTable(): RelayTable {
  return new RelayTable({
    timeouts: { timeoutMs: 300_000, holdTimeoutMs: 14_400_000 },
    own: { lan: LAN, wan: WAN, advertised: ADVERTISED, portLow: 7000, portHigh: 8999 },
    takePairs: ({ lanPairId, wanPairId }) =>
      lanPairId < 0 ? undefined : { lan: pair(lanPairId, "lan"), wan: pair(wanPairId, "wan") },
  });
}

function open(streamId: number): RelayCommand {
  const ids = { lanPairId: streamId, wanPairId: streamId };
  return {
    kind: "open",
    streamId,
    callId: `call-${streamId}`,
    mediaIndex: 0,
    payload: "rtp",
    ...ids,
  };
}

function party(rtp: SocketAddress | undefined, flow: RelayParty["flow"] = "active"): RelayParty {
  const rtcp = rtp === undefined ? undefined : { address: rtp.address, port: rtp.port + 1 };
  return { rtp, rtcp, flow };
}

function announce(streamId: number, side: Side, announced: RelayParty): RelayCommand {
  return { kind: "announce", streamId, side, party: announced };
}

function onlyStream(table: RelayTable): RelayStream {
  const [stream, ...others] = [...table.streams()];
  if (stream === undefined || others.length > 0) throw new Error("not one stream");
  return stream;
}

function streamOf(table: RelayTable, streamId: number): RelayStream {
  const stream = [...table.streams()].find((candidate) => candidate.streamId === streamId);
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  return stream;
}

interface Sent {
  readonly from: string;
  readonly nowMs: number;
  readonly kind?: "rtp" | "rtcp";
}

/** Lets a packet arrive; gives where it goes, or why it does not. */
function send(end: RelayEnd, { from, nowMs, kind = "rtp" }: Sent): string {
  const [hostname = "", port = "0"] = from.split(" ");
  const packet = new Uint8Array(60);
  packet.set([0x80, kind === "rtp" ? 0 : 200]);
  const arrival = Object.assign(createArrival(), { packet, hostname, port: Number(port), nowMs });
  const verdict = decideRelay(end, arrival);
  if (verdict > 1) return VERDICT_NAMES[verdict] ?? "";
  const target = end.outlet?.target;
  return `${end.outlet?.streamId}/${end.outlet?.side} ${target?.hostname} ${target?.port}`;
}

function callUp(): RelayTable {
  const table = newTable();
  table.apply(open(1), 0);
  table.apply(announce(1, "lan", party(at("10.0.0.10", 4000))), 0);
  table.apply(announce(1, "wan", party(at("203.0.113.9", 9000))), 0);
  return table;
}

Deno.test("RelayTable.apply() opens a stream that drops until its parties are known", () => {
  const table = newTable();
  const [effect, ...others] = table.apply(open(1), 0);
  strictEqual(effect?.kind, "start");
  deepStrictEqual(others, []);
  const { lan } = onlyStream(table);
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }), "unknown_party");
  table.apply(announce(1, "lan", party(at("10.0.0.10", 4000))), 2);
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 3 }), "no_target");
});

Deno.test("RelayTable relays RTP and RTCP both ways", () => {
  const { lan, wan } = onlyStream(callUp());
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }), "1/wan 203.0.113.9 9000");
  strictEqual(send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 1 }), "1/lan 10.0.0.10 4000");
  strictEqual(
    send(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" }),
    "1/wan 203.0.113.9 9001",
  );
  strictEqual(
    send(wan.rtcp, { from: "203.0.113.9 9001", nowMs: 1, kind: "rtcp" }),
    "1/lan 10.0.0.10 4001",
  );
});

Deno.test("RelayTable sends to the locked source instead of the announced one", () => {
  const { lan, wan } = onlyStream(callUp());
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  strictEqual(send(wan.rtp, { from: "203.0.113.9 61000", nowMs: 1 }), "1/lan 10.0.0.10 4000");
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "1/wan 203.0.113.9 61000");
});

Deno.test("RelayTable.apply() opens learning again for the side that changed only", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 1 });
  table.apply(announce(1, "wan", party(at("203.0.113.9", 9000))), 2);
  strictEqual(send(wan.rtp, { from: "203.0.113.9 9002", nowMs: 3 }), "source");
  table.apply(announce(1, "wan", party(at("203.0.113.77", 9500))), 4);
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 5 }), "1/wan 203.0.113.77 9500");
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4008", nowMs: 5 }), "source");
  strictEqual(send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 6 }), "source");
  strictEqual(send(wan.rtp, { from: "203.0.113.77 9500", nowMs: 7 }), "1/lan 10.0.0.10 4000");
});

Deno.test("RelayTable.apply() lets RTCP follow an RTP address that changed alone", () => {
  const table = callUp();
  const { wan } = onlyStream(table);
  send(wan.rtcp, { from: "203.0.113.9 9001", nowMs: 1, kind: "rtcp" });
  const rtcp = at("203.0.113.9", 9001);
  table.apply(announce(1, "wan", { rtp: at("203.0.113.9", 9010), rtcp, flow: "active" }), 2);
  strictEqual(wan.rtcp.lockedPort, 0);
});

Deno.test("RelayTable never sends to a party on hold at 0.0.0.0", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  table.apply(announce(1, "lan", party(undefined, "held")), 2);
  strictEqual(send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 3 }), "no_target");
  table.apply(announce(1, "lan", party(at("10.0.0.10", 4000))), 4);
  strictEqual(send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 5 }), "1/lan 10.0.0.10 4000");
});

Deno.test("RelayTable.apply() closes a stream once", () => {
  const table = callUp();
  const stream = onlyStream(table);
  deepStrictEqual(table.apply({ kind: "close", streamId: 1 }, 5), [
    { kind: "stop", stream, reason: "closed" },
  ]);
  deepStrictEqual(table.apply({ kind: "close", streamId: 1 }, 6), []);
  deepStrictEqual(table.apply(announce(1, "lan", party(undefined)), 7), []);
  strictEqual(table.size, 0);
});

Deno.test("RelayTable.apply() refuses a used id and pairs that are gone", () => {
  const table = callUp();
  const command = open(1);
  deepStrictEqual(table.apply(command, 1), [
    { kind: "refuse", command, reason: "stream id is in use" },
  ]);
  const gone = open(-5);
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
  send(wan.rtp, { from: "203.0.113.9 9000", nowMs: 200_000 });
  deepStrictEqual(table.sweep(499_999), []);
  send(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 490_000, kind: "rtcp" });
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 490_000, kind: "rtcp" });
  send(lan.rtp, { from: "198.51.100.1 4000", nowMs: 490_000 });
  strictEqual(table.sweep(500_000).length, 1);
});

Deno.test("RelayTable.sweep() waits for rtp_hold_timeout while a party is held", () => {
  const table = callUp();
  table.apply(announce(1, "wan", party(at("203.0.113.9", 9000), "held")), 1000);
  deepStrictEqual(table.sweep(14_400_999), []);
  table.apply(announce(1, "wan", party(at("203.0.113.9", 9000))), 14_400_999);
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

/** Phone A calls phone B; both INVITEs went through the provider, so the WAN legs name each other. */
function localCall(outside: string): RelayTable {
  const table = newTable();
  for (const streamId of [1, 2]) table.apply(open(streamId), 0);
  table.apply(announce(1, "lan", party(at("10.0.0.10", 4000))), 0);
  table.apply(announce(2, "lan", party(at("10.0.0.11", 5000))), 0);
  table.apply(announce(2, "wan", party(at(outside, 8002))), 0);
  table.apply(announce(1, "wan", party(at(outside, 8004))), 0);
  return table;
}

Deno.test("RelayTable joins two legs that meet at our own ports", () => {
  for (const outside of ["203.0.113.1", "192.0.2.1"]) {
    const table = localCall(outside);
    const first = streamOf(table, 1), second = streamOf(table, 2);
    strictEqual(
      send(first.lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }),
      "2/lan 10.0.0.11 5000",
      outside,
    );
    strictEqual(send(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 1 }), "1/lan 10.0.0.10 4000");
    strictEqual(
      send(first.lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" }),
      "2/lan 10.0.0.11 5001",
    );
  }
});

Deno.test("RelayTable sends nothing to an own port that nobody answers from", () => {
  const table = callUp();
  table.apply(announce(1, "wan", party(at("203.0.113.1", 8500))), 1);
  const { lan } = onlyStream(table);
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "no_target");
});

Deno.test("RelayTable joins nothing that only one side asks for", () => {
  const table = callUp();
  table.apply(open(2), 0);
  table.apply(announce(2, "lan", party(at("10.0.0.11", 5000))), 0);
  table.apply(announce(2, "wan", party(at("203.0.113.1", 8002))), 0);
  const victim = streamOf(table, 1), intruder = streamOf(table, 2);
  strictEqual(send(intruder.lan.rtp, { from: "10.0.0.11 5000", nowMs: 1 }), "no_target");
  strictEqual(send(victim.lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }), "1/wan 203.0.113.9 9000");
});

Deno.test("RelayTable survives a stream that is announced at its own port", () => {
  const table = callUp();
  table.apply(announce(1, "wan", party(at("203.0.113.1", 8002))), 1);
  const { lan } = onlyStream(table);
  strictEqual(send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "no_target");
  table.apply(announce(1, "wan", party(at("10.0.0.1", 7002))), 3);
  table.apply(announce(1, "lan", party(at("192.0.2.1", 8002))), 3);
  strictEqual(send(lan.rtp, { from: "192.0.2.1 8002", nowMs: 4 }), "no_target");
});

Deno.test("RelayTable parts a join when one leg moves away or ends", () => {
  const table = localCall("203.0.113.1");
  const first = streamOf(table, 1), second = streamOf(table, 2);
  table.apply(announce(1, "wan", party(at("203.0.113.9", 9000))), 1);
  strictEqual(send(first.lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "1/wan 203.0.113.9 9000");
  strictEqual(send(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 2 }), "no_target");
  table.apply(announce(1, "wan", party(at("203.0.113.1", 8004))), 3);
  strictEqual(send(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 4 }), "1/lan 10.0.0.10 4000");
  table.apply({ kind: "close", streamId: 1 }, 5);
  strictEqual(send(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 6 }), "no_target");
});

Deno.test("RelayTable.sweep() keeps both streams of a join alive by either", () => {
  const table = localCall("203.0.113.1");
  send(streamOf(table, 1).lan.rtp, { from: "10.0.0.10 4000", nowMs: 200_000 });
  deepStrictEqual(table.sweep(400_000), []);
  strictEqual(table.sweep(500_000).length, 2);
});

Deno.test("RelayTable.totals() adds live and closed streams", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  send(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  send(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  const expected = { streams: 1, packets: 1, bytes: 60, dropped: { source: 2 } };
  deepStrictEqual(table.totals(), expected);
  table.apply({ kind: "close", streamId: 1 }, 2);
  deepStrictEqual(table.totals(), expected);
  table.apply(open(1), 3);
  deepStrictEqual(table.totals(), { ...expected, streams: 2 });
});

Deno.test("RelayTable.statistics() tells each live stream's figures", () => {
  const table = callUp();
  const { lan, wan } = onlyStream(table);
  send(lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  send(lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" });
  send(wan.rtp, { from: "198.51.100.1 1", nowMs: 1 });
  const quiet = { flow: "active", packets: 0, bytes: 0, rtcpPackets: 0, dropped: 0, source: "" };
  deepStrictEqual(table.statistics(), [{
    streamId: 1,
    callId: "call-1",
    mediaIndex: 0,
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

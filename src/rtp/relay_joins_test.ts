import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseIpAddress } from "../base/ip_address.ts";
import {
  announceCommand,
  callUp,
  LAN,
  onlyStream,
  openCommand,
  relayParty,
  relayTable,
  sendPacket,
  streamOf,
  WAN,
} from "../../tests/support/relay_calls.ts";
import { mediaAddress } from "../../tests/support/relay_packets.ts";
import type { RelayTable } from "./relay_table.ts";

/** Phone A calls phone B; both INVITEs went through the provider, so the WAN legs name each other. */
function localCall(outside: string): RelayTable {
  const table = relayTable();
  for (const streamId of [1, 2]) table.apply(openCommand(streamId), 0);
  table.apply(announceCommand([1, "lan"], relayParty(mediaAddress("10.0.0.10", 4000))), 0);
  table.apply(announceCommand([2, "lan"], relayParty(mediaAddress("10.0.0.11", 5000))), 0);
  table.apply(announceCommand([2, "wan"], relayParty(mediaAddress(outside, 8002))), 0);
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress(outside, 8004))), 0);
  return table;
}

Deno.test("RelayTable joins two legs that meet at our own ports", () => {
  for (const outside of ["203.0.113.1", "192.0.2.1"]) {
    const table = localCall(outside);
    const first = streamOf(table, 1), second = streamOf(table, 2);
    strictEqual(
      sendPacket(first.lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }),
      "2/lan 10.0.0.11 5000",
      outside,
    );
    strictEqual(
      sendPacket(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 1 }),
      "1/lan 10.0.0.10 4000",
    );
    strictEqual(
      sendPacket(first.lan.rtcp, { from: "10.0.0.10 4001", nowMs: 1, kind: "rtcp" }),
      "2/lan 10.0.0.11 5001",
    );
  }
});

Deno.test("RelayTable sends nothing to an own port that nobody answers from", () => {
  const table = callUp();
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.1", 8500))), 1);
  const { lan } = onlyStream(table);
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "no_target");
});

Deno.test("RelayTable joins nothing that only one side asks for", () => {
  const table = callUp();
  table.apply(openCommand(2), 0);
  table.apply(announceCommand([2, "lan"], relayParty(mediaAddress("10.0.0.11", 5000))), 0);
  table.apply(announceCommand([2, "wan"], relayParty(mediaAddress("203.0.113.1", 8002))), 0);
  const victim = streamOf(table, 1), intruder = streamOf(table, 2);
  strictEqual(sendPacket(intruder.lan.rtp, { from: "10.0.0.11 5000", nowMs: 1 }), "no_target");
  strictEqual(
    sendPacket(victim.lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 }),
    "1/wan 203.0.113.9 9000",
  );
});

Deno.test("RelayTable survives a stream that is announced at its own port", () => {
  const table = callUp();
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.1", 8002))), 1);
  const { lan } = onlyStream(table);
  strictEqual(sendPacket(lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }), "no_target");
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("10.0.0.1", 7002))), 3);
  table.apply(announceCommand([1, "lan"], relayParty(mediaAddress("192.0.2.1", 8002))), 3);
  strictEqual(sendPacket(lan.rtp, { from: "192.0.2.1 8002", nowMs: 4 }), "no_target");
});

Deno.test("RelayTable parts a join when one leg moves away or ends", () => {
  const table = localCall("203.0.113.1");
  const first = streamOf(table, 1), second = streamOf(table, 2);
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.9", 9000))), 1);
  strictEqual(
    sendPacket(first.lan.rtp, { from: "10.0.0.10 4000", nowMs: 2 }),
    "1/wan 203.0.113.9 9000",
  );
  strictEqual(sendPacket(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 2 }), "no_target");
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.1", 8004))), 3);
  strictEqual(
    sendPacket(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 4 }),
    "1/lan 10.0.0.10 4000",
  );
  table.apply({ kind: "close", streamId: 1 }, 5);
  strictEqual(sendPacket(second.lan.rtp, { from: "10.0.0.11 5000", nowMs: 6 }), "no_target");
});

Deno.test("RelayTable.sweep() keeps both streams of a join alive by either", () => {
  const table = localCall("203.0.113.1");
  sendPacket(streamOf(table, 1).lan.rtp, { from: "10.0.0.10 4000", nowMs: 200_000 });
  deepStrictEqual(table.sweep(400_000), []);
  strictEqual(table.sweep(500_000).length, 2);
});

Deno.test("RelayTable takes our IPv6 addresses for own ports too", () => {
  const table = relayTable();
  table.reconfigure({
    timeouts: { timeoutMs: 300_000, holdTimeoutMs: 14_400_000 },
    own: {
      lan: LAN,
      wan: WAN,
      lan6: parseIpAddress("fd00::1"),
      wan6: parseIpAddress("2001:db8::1"),
      advertised: WAN,
      portLow: 7000,
      portHigh: 8999,
    },
  });
  const outcomes = ["2001:db8::1", "fd00::1", "2001:db8::2"].map((host, index) => {
    table.apply(openCommand(index), 0);
    const [lan, wan] = [mediaAddress("10.0.0.10", 4000), mediaAddress(host, 8500)];
    table.apply(announceCommand([index, "lan"], relayParty(lan)), 0);
    table.apply(announceCommand([index, "wan"], relayParty(wan)), 0);
    return sendPacket(streamOf(table, index).lan.rtp, { from: "10.0.0.10 4000", nowMs: 1 });
  });
  deepStrictEqual(outcomes, ["no_target", "no_target", "2/wan 2001:db8::2 8500"]);
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  announceCommand,
  openCommand,
  relayParty,
  relayTable,
  sendPacket,
  streamOf,
} from "../../tests/support/relay_calls.ts";
import { mediaAddress } from "../../tests/support/relay_packets.ts";
import type { RelayStream } from "./relay_stream.ts";
import type { RelayTable } from "./relay_table.ts";

/** Ports of stream n are 2n above these, so that stream 1 is worker 1's and stream 2 worker 0's. */
const WAN_PORT = 8000;
const OWN = "192.0.2.1";
const SHOWN = "203.0.113.1";

interface Leg {
  readonly table: RelayTable;
  readonly stream: RelayStream;
}

/** One leg of a local call, in the isolate that has its ports: a phone on the LAN, the other leg's port outside. */
function leg(number: 1 | 2, outside: string | undefined): Leg {
  const table = relayTable({ worker: number % 2, workers: 2 });
  table.apply(openCommand(number), 0);
  announce(table, { number, side: "lan", address: `10.0.0.1${number} 4000` });
  if (outside !== undefined) {
    announce(table, { number, side: "wan", address: `${outside} ${WAN_PORT + 2 * (3 - number)}` });
  }
  return { table, stream: streamOf(table, number) };
}

function announce(
  table: RelayTable,
  what: { readonly number: number; readonly side: "lan" | "wan"; readonly address: string },
): void {
  const [host = "", port = ""] = what.address.split(" ");
  const party = relayParty(mediaAddress(host, Number(port)));
  table.apply(announceCommand([what.number, what.side], party), 0);
}

for (const outside of [OWN, SHOWN]) {
  Deno.test(`RelayTable sends from one isolate to the other between legs that meet at ${outside}`, () => {
    const [first, second] = [leg(1, outside), leg(2, outside)];
    strictEqual(
      sendPacket(first.stream.lan.rtp, { from: "10.0.0.11 4000", nowMs: 1 }),
      `1/wan ${OWN} 8004`,
    );
    strictEqual(
      sendPacket(second.stream.wan.rtp, { from: `${OWN} 8002`, nowMs: 1 }),
      "2/lan 10.0.0.12 4000",
    );
    strictEqual(
      sendPacket(second.stream.wan.rtcp, { from: `${OWN} 8003`, nowMs: 1, kind: "rtcp" }),
      "2/lan 10.0.0.12 4001",
    );
    strictEqual(
      sendPacket(second.stream.lan.rtp, { from: "10.0.0.12 4000", nowMs: 2 }),
      `2/wan ${OWN} 8002`,
    );
  });
}

Deno.test("RelayTable lets nothing in from our own ports but what is announced there", () => {
  const { table, stream } = leg(2, undefined);
  announce(table, { number: 2, side: "wan", address: "203.0.113.9 9000" });
  const { wan } = stream;
  // Long after the time in which only the announced source is learnt.
  strictEqual(sendPacket(wan.rtp, { from: `${OWN} 8002`, nowMs: 9_000 }), "source");
  strictEqual(
    sendPacket(wan.rtp, { from: "203.0.113.9 9000", nowMs: 9_001 }),
    "2/lan 10.0.0.12 4000",
  );
  strictEqual(sendPacket(wan.rtp, { from: `${OWN} 8002`, nowMs: 20_000 }), "source");
});

Deno.test("RelayTable learns no other own port on a bridge", () => {
  const { stream: { wan } } = leg(2, OWN);
  strictEqual(sendPacket(wan.rtp, { from: `${OWN} 8006`, nowMs: 9_000 }), "source");
  strictEqual(sendPacket(wan.rtp, { from: `${OWN} 8002`, nowMs: 9_001 }), "2/lan 10.0.0.12 4000");
  strictEqual(sendPacket(wan.rtp, { from: `${OWN} 8006`, nowMs: 20_000 }), "source");
});

Deno.test("RelayTable lets a program of this machine in that has none of our ports", () => {
  const { table, stream } = leg(2, undefined);
  announce(table, { number: 2, side: "wan", address: `${OWN} 20000` });
  strictEqual(
    sendPacket(stream.wan.rtp, { from: `${OWN} 20000`, nowMs: 1 }),
    "2/lan 10.0.0.12 4000",
  );
});

Deno.test("RelayTable ends a bridge when the other side is at our own ports as well, so that nothing circles", () => {
  const { table, stream } = leg(2, OWN);
  strictEqual(
    sendPacket(stream.wan.rtp, { from: `${OWN} 8002`, nowMs: 1 }),
    "2/lan 10.0.0.12 4000",
  );
  announce(table, { number: 2, side: "lan", address: "10.0.0.1 7006" });
  deepStrictEqual([stream.wan.rtp.target, stream.lan.rtp.target], [undefined, undefined]);
  strictEqual(sendPacket(stream.wan.rtp, { from: `${OWN} 8002`, nowMs: 9_000 }), "source");
  announce(table, { number: 2, side: "lan", address: "10.0.0.12 4000" });
  strictEqual(
    sendPacket(stream.wan.rtp, { from: `${OWN} 8002`, nowMs: 9_001 }),
    "2/lan 10.0.0.12 4000",
  );
});

Deno.test("RelayTable leaves a bridge for a party that moves outside", () => {
  const { table, stream } = leg(1, OWN);
  announce(table, { number: 1, side: "wan", address: "203.0.113.9 9000" });
  strictEqual(
    sendPacket(stream.lan.rtp, { from: "10.0.0.11 4000", nowMs: 1 }),
    "1/wan 203.0.113.9 9000",
  );
  strictEqual(sendPacket(stream.wan.rtp, { from: `${OWN} 8004`, nowMs: 9_000 }), "source");
});

Deno.test("RelayTable sends nothing to its own isolate's ports that no other leg has", () => {
  const { table, stream } = leg(1, undefined);
  announce(table, { number: 1, side: "wan", address: `${OWN} 8006` });
  strictEqual(
    sendPacket(stream.lan.rtp, { from: "10.0.0.11 4000", nowMs: 1 }),
    "no_target",
  );
});

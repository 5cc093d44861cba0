import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { at, outgoingPath, reversePath } from "../../tests/support/media_paths.ts";
import {
  announce,
  lock,
  lockRtp,
  openStream,
  relayTable,
} from "../../tests/support/relay_lines.ts";
import { isSettled, offloadPath } from "./offload_choice.ts";
import { dejitterStream, type RelayStream } from "./relay_stream.ts";
import type { RelayTable } from "./relay_table.ts";

/** A stream that both parties talk on. */
function talking(payload: "rtp" | "other" = "rtp") {
  const table = relayTable();
  const stream = openStream(table, { payload });
  lockRtp(stream);
  return { table, stream };
}

function pathOf(table: RelayTable, end: RelayStream["lan"]["rtp"]) {
  return offloadPath(end, (streamId) => table.stream(streamId));
}

Deno.test("offloadPath() is the way of a stream whose parties are both known", () => {
  const { table, stream } = talking();
  deepStrictEqual(pathOf(table, stream.lan.rtp), outgoingPath());
  deepStrictEqual(pathOf(table, stream.wan.rtp), reversePath(outgoingPath()));
});

Deno.test("offloadPath() of RTCP waits for its own parties, and uses the ports above", () => {
  const { table, stream } = talking();
  strictEqual(pathOf(table, stream.lan.rtcp), undefined);
  lock(stream.lan.rtcp, at("10.0.0.2", 4001));
  lock(stream.wan.rtcp, at("198.51.100.9", 5001));
  deepStrictEqual(pathOf(table, stream.lan.rtcp), {
    source: at("10.0.0.2", 4001),
    arrival: at("10.0.0.1", 7071),
    departure: at("203.0.113.1", 7073),
    target: at("198.51.100.9", 5001),
  });
});

const obstacles: readonly (readonly [string, (table: RelayTable, stream: RelayStream) => void])[] =
  [
    ["a phone that has sent nothing", (_, { lan }) => lan.rtp.lockedPort = 0],
    ["a peer that has sent nothing", (_, { wan }) => wan.rtp.lockedPort = 0],
    ["a phone on hold", (table) => announce(table, { streamId: 0, side: "lan", flow: "held" })],
    ["a peer on hold", (table) => announce(table, { streamId: 0, side: "wan", flow: "held" })],
    [
      "a peer that was announced elsewhere",
      (table) => announce(table, { streamId: 0, side: "wan", rtp: at("198.51.100.8", 5000) }),
    ],
    ["a dejitter", (_, stream) => dejitterStream(stream, { lan: 0, wan: 40 })],
    ["a stream that is over", (table) => table.end(0, "closed")],
    ["a peer on this machine", (_, { wan }) => lock(wan.rtp, at("203.0.113.1", 5000))],
    ["a peer on loopback", (_, { wan }) => lock(wan.rtp, at("127.0.0.1", 5000))],
    ["a peer of the other family", (_, { wan }) => lock(wan.rtp, at("2001:db8::9", 5000))],
    ["a link-local peer", (_, { wan }) => lock(wan.rtp, at("169.254.1.1", 5000))],
    ["no way out", (_, { lan }) => lan.rtp.outlet = undefined],
    ["a way out that leads elsewhere", (_, { lan, wan }) => wan.rtp.outlet = lan.rtcp],
  ];

for (const [what, change] of obstacles) {
  Deno.test(`offloadPath() leaves a stream with ${what} to the daemon, both ways`, () => {
    const { table, stream } = talking();
    change(table, stream);
    deepStrictEqual(
      [pathOf(table, stream.lan.rtp), pathOf(table, stream.wan.rtp)],
      [undefined, undefined],
    );
  });
}

Deno.test("offloadPath() leaves what is no RTP to the daemon", () => {
  const { table, stream } = talking("other");
  strictEqual(pathOf(table, stream.lan.rtp), undefined);
});

Deno.test("offloadPath() leads through a join, in at one stream and out at another", () => {
  const table = relayTable();
  const [one, other] = [openStream(table, { streamId: 1 }), openStream(table, { streamId: 2 })];
  announce(table, { streamId: 1, side: "wan", rtp: at("203.0.113.1", 7080) });
  announce(table, { streamId: 2, side: "wan", rtp: at("203.0.113.1", 7076) });
  lock(one.lan.rtp, at("10.0.0.2", 4004));
  lock(other.lan.rtp, at("10.0.0.3", 4008));
  deepStrictEqual(pathOf(table, one.lan.rtp), {
    source: at("10.0.0.2", 4004),
    arrival: at("10.0.0.1", 7074),
    departure: at("10.0.0.1", 7078),
    target: at("10.0.0.3", 4008),
  });
});

const counts: readonly (readonly [number, number, boolean])[] = [
  [0, 0, false],
  [5, 4, false],
  [4, 5, false],
  [5, 5, true],
];

for (const [near, far, wanted] of counts) {
  Deno.test(`isSettled() after ${near} and ${far} packets is ${wanted}`, () => {
    const { stream } = talking();
    stream.lan.rtp.packets = near;
    stream.wan.rtp.packets = far;
    deepStrictEqual([isSettled(stream.lan.rtp), isSettled(stream.wan.rtp)], [wanted, wanted]);
  });
}

Deno.test("isSettled() does not wait for more than one control packet", () => {
  const { stream } = talking();
  strictEqual(isSettled(stream.lan.rtcp), true);
});

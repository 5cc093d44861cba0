import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type DeskBench,
  GATHERED_MS,
  handedOver,
  openDesk,
  short,
} from "../../../tests/support/desk_bench.ts";
import { at } from "../../../tests/support/media_paths.ts";
import { announce, lock, openStream } from "../../../tests/support/relay_lines.ts";
import type { RelayStream } from "../../rtp/relay_stream.ts";
import { noteRtp, rtpQuality } from "../../rtp/rtp_quality.ts";

Deno.test("OffloadDesk.end() frees ports at once where the kernel has none of them", () => {
  using bench = openDesk();
  let freed = 0;
  bench.table.end(0, "closed");
  bench.desk.end(bench.stream, () => freed++);
  strictEqual(freed, 1);
});

Deno.test("OffloadDesk.end() frees ports when the kernel has let go of every path", () => {
  using bench = handedOver();
  let freed = 0;
  bench.table.end(0, "closed");
  bench.desk.end(bench.stream, () => freed++);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 1,2"]);
  bench.say("taken", 1);
  strictEqual(freed, 0);
  bench.say("taken", 2);
  strictEqual(freed, 1);
  bench.time.tick(GATHERED_MS);
  strictEqual(bench.requests.length, 2);
});

Deno.test("OffloadDesk.end() frees ports when nft ends", () => {
  using bench = handedOver();
  let freed = 0;
  bench.table.end(0, "closed");
  bench.desk.end(bench.stream, () => freed++);
  bench.desk.hear({ kind: "gone" });
  strictEqual(freed, 1);
});

Deno.test("OffloadDesk.end() frees ports when what was just offered is refused", () => {
  using bench = openDesk();
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  bench.table.end(0, "closed");
  let freed = 0;
  bench.desk.end(bench.stream, () => freed++);
  bench.say("refused", 1, 2);
  strictEqual(freed, 1);
});

Deno.test("OffloadDesk enters what the kernel counted, and when", () => {
  using bench = handedOver();
  bench.time.tick(5000);
  bench.desk.hear(bench.count([1, 10]));
  const { lan, wan } = bench.stream;
  deepStrictEqual([lan.rtp.packets, lan.rtp.bytes, wan.rtp.packets], [15, 1720, 5]);
  deepStrictEqual([lan.rtp.lastPacketAtMs, wan.rtp.lastPacketAtMs], [bench.time.now, 0]);
});

Deno.test("OffloadDesk enters the last figures of a stream that is over into the sums", () => {
  using bench = handedOver();
  bench.table.end(0, "closed");
  bench.desk.end(bench.stream, () => {});
  bench.say("taken", 1, 2);
  bench.desk.hear(bench.count([1, 10], [2, 20]));
  bench.say("forgotten", 1, 2);
  bench.desk.hear(bench.count([1, 99]));
  const { from, packets } = bench.table.totals();
  deepStrictEqual([packets, from.lan.packets, from.wan.packets], [40, 15, 25]);
});

Deno.test("OffloadDesk takes the last figures of a held call for older than its end", () => {
  using bench = handedOver();
  const handedAtMs = bench.time.now;
  announce(bench.table, { streamId: 0, side: "lan", flow: "held" });
  bench.desk.note(0);
  bench.say("taken", 1, 2);
  bench.time.tick(60_000);
  bench.desk.hear(bench.count([1, 10]));
  strictEqual(bench.stream.lan.rtp.lastPacketAtMs, handedAtMs);
});

Deno.test("OffloadDesk asks for counters when a stranger knocks, not at every knock", () => {
  using bench = handedOver();
  for (let knock = 0; knock < 50; knock++) {
    bench.desk.noteStranger(bench.stream.wan.rtp);
    bench.time.tick(30);
  }
  deepStrictEqual(short(bench.requests).slice(1), ["count", "count"]);
});

Deno.test("OffloadDesk keeps the stranger out while the peer itself talks", () => {
  using bench = handedOver();
  bench.time.tick(5000);
  bench.desk.noteStranger(bench.stream.wan.rtp);
  bench.desk.hear(bench.count([1, 10], [2, 10]));
  deepStrictEqual(short(bench.requests).slice(1), ["count"]);
});

Deno.test("OffloadDesk lets the daemon judge a stranger when the peer has been silent", () => {
  using bench = handedOver();
  bench.time.tick(5000);
  bench.desk.noteStranger(bench.stream.wan.rtp);
  bench.desk.hear(bench.count([1, 10]));
  deepStrictEqual(short(bench.requests).slice(1), ["count", "take-back 2"]);
});

Deno.test("OffloadDesk ignores strangers where the kernel has nothing", () => {
  using bench = openDesk();
  bench.desk.noteStranger(bench.stream.wan.rtp);
  deepStrictEqual(bench.requests, []);
});

Deno.test("OffloadDesk relays by itself when nft ends, and hands over again later", () => {
  using bench = handedOver();
  bench.desk.hear({ kind: "gone" });
  strictEqual(bench.stream.lan.rtp.inKernel, false);
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  strictEqual(bench.requests.length, 1);
  bench.desk.hear({ kind: "ready" });
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(1), ["hand-over 3,4"]);
});

Deno.test("OffloadDesk takes back what was taken from the kernel without a question", () => {
  using bench = handedOver();
  bench.say("taken", 1);
  strictEqual(bench.stream.lan.rtp.inKernel, false);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(1), ["hand-over 3"]);
});

Deno.test("OffloadDesk hears of paths that it does not know without harm", () => {
  using bench = openDesk();
  for (const kind of ["handed", "refused", "taken", "forgotten"] as const) bench.say(kind, 77);
  bench.desk.hear(bench.count([77, 5]));
  deepStrictEqual([bench.requests, bench.table.totals().packets], [[], 10]);
});

/** Joins the streams of two phones that call each other, and lets the desk offer both ways to the kernel. */
function offerLocalCall(bench: DeskBench): readonly [RelayStream, RelayStream] {
  const both = [
    openStream(bench.table, { streamId: 1 }),
    openStream(bench.table, { streamId: 2 }),
  ] as const;
  const [one, other] = both;
  announce(bench.table, { streamId: 1, side: "wan", rtp: at("203.0.113.1", 7080) });
  announce(bench.table, { streamId: 2, side: "wan", rtp: at("203.0.113.1", 7076) });
  lock(one.lan.rtp, at("10.0.0.2", 4004));
  lock(other.lan.rtp, at("10.0.0.3", 4008));
  bench.table.end(0, "closed");
  bench.desk.hear({ kind: "ready" });
  bench.time.tick(GATHERED_MS);
  return both;
}

Deno.test("OffloadDesk hands a local call over from phone to phone, and frees ports of both", () => {
  using bench = openDesk("off");
  const [, other] = offerLocalCall(bench);
  deepStrictEqual(short(bench.requests), ["hand-over 1,2"]);
  bench.say("handed", 1, 2);
  let freed = 0;
  bench.table.end(2, "closed");
  bench.desk.end(other, () => freed++);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 2,1"]);
  bench.say("taken", 1, 2);
  strictEqual(freed, 1);
});

Deno.test("OffloadDesk.end() of both streams of a local call frees the ports of each", () => {
  using bench = openDesk("off");
  const [one, other] = offerLocalCall(bench);
  bench.say("handed", 1, 2);
  const freed: string[] = [];
  bench.table.end(1, "closed");
  bench.desk.end(one, () => freed.push("one"));
  bench.table.end(2, "closed");
  bench.desk.end(other, () => freed.push("other"));
  bench.say("taken", 1);
  deepStrictEqual(freed, []);
  bench.say("taken", 2);
  deepStrictEqual(freed, ["one", "other"]);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 1,2"]);
});

Deno.test("OffloadDesk takes a local call back when one of its phones is transferred", () => {
  using bench = openDesk("off");
  offerLocalCall(bench);
  bench.say("handed", 1, 2);
  announce(bench.table, { streamId: 2, side: "wan" });
  bench.desk.note(2);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 1,2"]);
});

/** RTP of a telephone with some sequence number. */
function rtp(sequence: number): Uint8Array {
  const packet = new Uint8Array(172);
  packet.set([0x80, 8, sequence >> 8, sequence & 255]);
  return packet;
}

for (const how of ["taken", "gone"] as const) {
  Deno.test(`OffloadDesk takes what passed the kernel for no loss, once it is ${how}`, () => {
    using bench = openDesk();
    const { quality } = bench.stream.wan.rtp;
    for (let sequence = 0; sequence < 60; sequence++) noteRtp(quality, rtp(sequence), 0);
    bench.desk.note(0);
    bench.time.tick(GATHERED_MS);
    bench.say("handed", 1, 2);
    noteRtp(quality, rtp(60), 0);
    if (how === "gone") bench.desk.hear({ kind: "gone" });
    else bench.say("taken", 1, 2);
    for (let sequence = 500; sequence < 560; sequence++) noteRtp(quality, rtp(sequence), 0);
    strictEqual(rtpQuality(quality)?.lossRatio, 0);
  });
}

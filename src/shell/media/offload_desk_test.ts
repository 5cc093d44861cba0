import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { GATHERED_MS, handedOver, openDesk, short } from "../../../tests/support/desk_bench.ts";
import { at, outgoingPath, reversePath } from "../../../tests/support/media_paths.ts";
import { announce, lock, lockRtp } from "../../../tests/support/relay_lines.ts";

Deno.test("OffloadDesk hands both directions over, a moment after both are known", () => {
  using bench = openDesk();
  bench.desk.note(0);
  deepStrictEqual(bench.requests, []);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(bench.requests, [{
    kind: "hand-over",
    paths: [
      { pathId: 1, path: outgoingPath() },
      { pathId: 2, path: reversePath(outgoingPath()) },
    ],
  }]);
  strictEqual(bench.stream.lan.rtp.inKernel, false);
  bench.say("handed", 1, 2);
  deepStrictEqual([bench.stream.lan.rtp.inKernel, bench.stream.wan.rtp.inKernel], [true, true]);
});

Deno.test("OffloadDesk asks for nothing before the kernel is ready, and then for what is there", () => {
  using bench = openDesk("off");
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(bench.requests, []);
  bench.desk.hear({ kind: "ready" });
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests), ["hand-over 1,2"]);
});

Deno.test("OffloadDesk waits until both sent enough to be sure of them", () => {
  using bench = openDesk();
  lockRtp(bench.stream, 2);
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(bench.requests, []);
  lockRtp(bench.stream, 5);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests), ["hand-over 1,2"]);
});

Deno.test("OffloadDesk hands RTCP over when it is known, by itself", () => {
  using bench = handedOver();
  lock(bench.stream.lan.rtcp, at("10.0.0.2", 4001));
  lock(bench.stream.wan.rtcp, at("198.51.100.9", 5001));
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(1), ["hand-over 3,4"]);
});

Deno.test("OffloadDesk takes a held call back at once, and hands it over after the hold", () => {
  using bench = handedOver();
  announce(bench.table, { streamId: 0, side: "lan", flow: "held" });
  bench.desk.note(0);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 1,2"]);
  announce(bench.table, { streamId: 0, side: "lan" });
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(bench.requests.length, 2);
  bench.say("taken", 1, 2);
  strictEqual(bench.stream.lan.rtp.inKernel, false);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(2), ["hand-over 3,4"]);
});

Deno.test("OffloadDesk takes a call back whose party moved, and waits for its packets", () => {
  using bench = handedOver();
  announce(bench.table, { streamId: 0, side: "wan", rtp: at("198.51.100.8", 6000) });
  bench.desk.note(0);
  bench.say("taken", 1, 2);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(1), ["take-back 1,2"]);
  lock(bench.stream.wan.rtp, at("198.51.100.8", 6000));
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(2), ["hand-over 3,4"]);
});

Deno.test("OffloadDesk leaves a call where it is when an announcement says nothing new", () => {
  using bench = handedOver();
  announce(bench.table, { streamId: 0, side: "wan" });
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(bench.requests.length, 1);
});

Deno.test("OffloadDesk does not offer again what was refused, until it is another path", () => {
  using bench = openDesk();
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  bench.say("refused", 1, 2);
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  strictEqual(bench.requests.length, 1);
  lock(bench.stream.wan.rtp, at("198.51.100.9", 5999));
  bench.desk.note(0);
  bench.time.tick(GATHERED_MS);
  deepStrictEqual(short(bench.requests).slice(1), ["hand-over 3,4"]);
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Side } from "../../base/socket_address.ts";
import type { PairUse } from "../../proxy/env.ts";
import { firstIdOf } from "../../rtp/media_share.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import type { MediaToSignalling, SignallingToMedia } from "../media_protocol.ts";
import { MediaLink } from "./media_link.ts";

const ONE_LINE: PairUse = { lines: 1, families: { lan: 4, wan: 4 }, ownPort: undefined };

/** The n-th id of an isolate, from 0. */
function id(worker: number, number: number): number {
  return firstIdOf(worker, () => 0) + number;
}

function pair(worker: number, number: number, side: Side): PortPair {
  return { pairId: id(worker, number), side, address: ip("10.0.0.1"), rtpPort: 7070 + 2 * number };
}

/** So many pairs of each side; those of the LAN have even numbers. */
function pairs(worker: number, count: number): readonly PortPair[] {
  return Array.from({ length: count }, (_, at) => [
    pair(worker, 2 * at, "lan"),
    pair(worker, 2 * at + 1, "wan"),
  ]).flat();
}

function open(worker: number, number: number): RelayCommand {
  const [lanPairId, wanPairId] = [id(worker, number), id(worker, number + 1)];
  const line = { callId: "c", mediaIndex: 0, payload: "rtp" } as const;
  return { kind: "open", streamId: lanPairId, ...line, lanPairId, wanPairId };
}

/** A link whose media isolates are the test; they are connected by `join`. */
function openLink(workers: number) {
  const busy: string[] = [];
  const expired: number[] = [];
  const hellos: (readonly [number, number])[] = [];
  const link = new MediaLink({
    onExpired: (streamId) => expired.push(streamId),
    onStreams: (all, worker) => hellos.push([worker, all.length]),
    onBusy: () => busy.push("busy"),
  }, workers);
  const join = (worker: number) => {
    const sent: SignallingToMedia[] = [];
    const { port1, port2 } = new MessageChannel();
    port2.close();
    port1.postMessage = (message: SignallingToMedia) => void sent.push(message);
    link.connect(port1, worker);
    sent.splice(0);
    const tell = (data: MediaToSignalling) =>
      port1.onmessage?.call(port1, new MessageEvent("message", { data }));
    return { sent, tell };
  };
  /** Ids of the pairs that a call would take first. */
  const next = (
    use: PairUse = ONE_LINE,
  ) => [link.freePairs("lan", use)[0]?.pairId, link.freePairs("wan", use)[0]?.pairId];
  return { link, join, next, busy, expired, hellos };
}

/** Two isolates with three pairs a side each. */
function openTwo() {
  const bench = openLink(2);
  const [first, second] = [bench.join(0), bench.join(1)];
  first.tell({ kind: "hello", pairs: pairs(0, 3), streams: [] });
  second.tell({ kind: "hello", pairs: pairs(1, 3), streams: [] });
  return { ...bench, first, second };
}

Deno.test("MediaLink gives both pairs of one isolate, of the one with fewer streams", () => {
  const { link, next, first, second } = openTwo();
  deepStrictEqual(next(), [id(0, 0), id(0, 1)]);
  link.apply([open(0, 0)]);
  deepStrictEqual(next(), [id(1, 0), id(1, 1)]);
  link.apply([open(1, 0)]);
  deepStrictEqual(next(), [id(0, 2), id(0, 3)]);
  link.apply([open(0, 2)]);
  link.apply([{ kind: "close", streamId: id(0, 0) }, { kind: "close", streamId: id(0, 2) }]);
  deepStrictEqual(next(), [id(0, 4), id(0, 5)]);
  deepStrictEqual(first.sent.map(({ kind }) => kind), ["relay", "relay", "relay"]);
  deepStrictEqual(second.sent, [{ kind: "relay", commands: [open(1, 0)] }]);
  link.close();
});

Deno.test("MediaLink hands each isolate the commands for its streams, in their order", () => {
  const { link, first, second } = openTwo();
  const held = { rtp: undefined, rtcp: undefined, written: "", flow: "held" } as const;
  const announce = (worker: number) =>
    ({ kind: "announce", streamId: id(worker, 0), side: "lan", party: held }) as const;
  link.apply([open(0, 0), open(1, 0), announce(1), announce(0)]);
  deepStrictEqual(first.sent, [{ kind: "relay", commands: [open(0, 0), announce(0)] }]);
  deepStrictEqual(second.sent, [{ kind: "relay", commands: [open(1, 0), announce(1)] }]);
  link.close();
});

Deno.test("MediaLink puts a call that comes back to our own ports where they are", () => {
  const { link, next } = openTwo();
  const back = (ownPort: number) => next({ ...ONE_LINE, ownPort })[0];
  link.apply([open(1, 0)]);
  // 7072 / 2 is even, 7074 / 2 is odd.
  deepStrictEqual([back(7072), back(7073), back(7074)], [id(0, 0), id(0, 0), id(1, 2)]);
  link.close();
});

Deno.test("MediaLink passes over an isolate that has too few pairs, also for what comes back", () => {
  const { link, next, first } = openTwo();
  first.tell({ kind: "pairs-removed", pairIds: [id(0, 2), id(0, 4)] });
  const two = { ...ONE_LINE, lines: 2 };
  deepStrictEqual(next(), [id(0, 0), id(0, 1)]);
  deepStrictEqual(next(two), [id(1, 0), id(1, 1)]);
  deepStrictEqual(next({ ...two, ownPort: 7072 }), [id(1, 0), id(1, 1)]);
  const newFamily = { ...ONE_LINE, families: { lan: 6, wan: 6 } } as const;
  deepStrictEqual(next(newFamily), [id(0, 0), id(0, 1)]);
  link.close();
});

Deno.test("MediaLink is exhausted when every isolate is, and asks all of them before", async () => {
  const { link, first, second } = openTwo();
  const wish = link.want({ lan: 4, wan: 4 });
  const wants = (["lan", "wan"] as const).map((side) => ({ kind: "want", side, pairs: 4 }));
  deepStrictEqual([first.sent, second.sent], [wants, wants]);
  first.tell({ kind: "exhausted", side: "lan" });
  strictEqual(link.isExhausted, false);
  second.tell({ kind: "exhausted", side: "lan" });
  await wish;
  strictEqual(link.isExhausted, true);
  first.tell({ kind: "stock", pairs: [pair(0, 8, "lan")] });
  strictEqual(link.isExhausted, false);
  link.close();
});

Deno.test("MediaLink.want() needs all pairs of one isolate", async () => {
  const { link, first, second } = openTwo();
  let state = "waiting";
  const wish = link.want({ lan: 4, wan: 4 }).then(() => {
    state = "granted";
  });
  first.tell({ kind: "stock", pairs: [pair(0, 8, "lan")] });
  second.tell({ kind: "stock", pairs: [pair(1, 9, "wan")] });
  await Promise.resolve();
  strictEqual(state, "waiting");
  second.tell({ kind: "stock", pairs: [pair(1, 8, "lan")] });
  await wish;
  strictEqual(state, "granted");
  link.close();
});

Deno.test("MediaLink.disconnect() takes the pairs of a lost isolate out until its successor is there", () => {
  const { link, next, join, hellos, expired } = openTwo();
  link.disconnect(0);
  deepStrictEqual(next(), [id(1, 0), id(1, 1)]);
  link.apply([open(1, 0), { kind: "close", streamId: id(0, 0) }]);
  const successor = join(0);
  successor.tell({ kind: "hello", pairs: pairs(0, 1), streams: [] });
  deepStrictEqual(next(), [id(0, 0), id(0, 1)]);
  successor.tell({
    kind: "expired",
    streamId: id(0, 0),
    callId: "c",
    mediaIndex: 0,
    reason: "failed",
  });
  deepStrictEqual([hellos, expired], [[[0, 0], [1, 0], [0, 0]], [id(0, 0)]]);
  link.close();
});

Deno.test("MediaLink tells that the next isolate is wanted when those that there are have much to do", () => {
  const { link, join, next, busy } = openLink(2);
  const first = join(0);
  first.tell({ kind: "hello", pairs: pairs(0, 40), streams: [] });
  for (let stream = 0; stream < 31; stream++) link.apply([open(0, 2 * stream)]);
  deepStrictEqual(busy, []);
  link.apply([open(0, 62)]);
  deepStrictEqual(busy, ["busy"]);
  join(1).tell({ kind: "hello", pairs: pairs(1, 1), streams: [] });
  deepStrictEqual(next(), [id(1, 0), id(1, 1)]);
  link.apply([open(0, 64)]);
  deepStrictEqual(busy, ["busy"]);
  link.close();
});

Deno.test("MediaLink wants the next isolate when the ports run out, and is not exhausted before", () => {
  const { link, join, busy } = openLink(2);
  join(0).tell({ kind: "exhausted", side: "lan" });
  deepStrictEqual([busy, link.isExhausted], [["busy"], false]);
  join(1).tell({ kind: "exhausted", side: "lan" });
  strictEqual(link.isExhausted, true);
  link.close();
});

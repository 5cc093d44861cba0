import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import type { Side } from "../../base/socket_address.ts";
import type { PortPair } from "../../rtp/relay_command.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { MediaLink } from "./media_link.ts";
import type { MediaToSignalling, SignallingToMedia } from "../media_protocol.ts";

function pair(pairId: number, side: Side): PortPair {
  return { pairId, side, address: ip("10.0.0.1"), rtpPort: 7070 + 2 * pairId };
}

/** A link whose media isolate is the test: messages are handed over at once. */
function openLink() {
  const sent: SignallingToMedia[] = [];
  const expired: number[] = [];
  const streams: number[] = [];
  const link = new MediaLink({
    onExpired: (streamId) => expired.push(streamId),
    onStreams: (all) => streams.push(all.length),
    onBusy: () => {},
  });
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage = (message: SignallingToMedia) => void sent.push(message);
  link.connect(port1);
  // What every new media isolate is told first.
  deepStrictEqual(sent.splice(0), [{ kind: "advertised", address: undefined }]);
  const tell = (data: MediaToSignalling) =>
    port1.onmessage?.call(port1, new MessageEvent("message", { data }));
  return { link, tell, sent, expired, streams };
}

function ids(link: MediaLink): readonly (readonly number[])[] {
  const of = (side: Side) => link.freePairs(side).map(({ pairId }) => pairId);
  return [of("lan"), of("wan")];
}

Deno.test("MediaLink keeps the stock a side, the oldest in front", () => {
  const { link, tell } = openLink();
  tell({ kind: "hello", pairs: [pair(1, "lan"), pair(2, "wan")], streams: [] });
  tell({ kind: "stock", pairs: [pair(3, "lan"), pair(4, "wan")] });
  tell({ kind: "pairs-removed", pairIds: [1] });
  deepStrictEqual(ids(link), [[3], [2, 4]]);
  link.close();
});

Deno.test("MediaLink.apply() sends the commands of an outcome together and takes opened pairs out", () => {
  const { link, tell, sent } = openLink();
  tell({ kind: "hello", pairs: [pair(1, "lan"), pair(2, "wan"), pair(3, "lan")], streams: [] });
  const commands = [
    {
      kind: "open",
      streamId: 1,
      callId: "c",
      mediaIndex: 0,
      payload: "rtp",
      lanPairId: 1,
      wanPairId: 2,
    },
    { kind: "close", streamId: 9 },
  ] as const;
  link.apply(commands);
  deepStrictEqual(ids(link), [[3], []]);
  deepStrictEqual(sent, [{ kind: "relay", commands }]);
  link.close();
});

Deno.test("MediaLink.advertise() tells a changed address, and a new media isolate the last one", () => {
  const { link, sent } = openLink();
  const address = ip("198.51.100.9");
  link.advertise(address);
  link.advertise(address);
  deepStrictEqual(sent, [{ kind: "advertised", address }]);
  const later: SignallingToMedia[] = [];
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage = (message: SignallingToMedia) => void later.push(message);
  link.connect(port1);
  deepStrictEqual(later, [{ kind: "advertised", address }]);
  link.close();
});

Deno.test("MediaLink.want() ends when enough pairs of both sides are there", async () => {
  const { link, tell, sent } = openLink();
  let state = "waiting";
  const wish = link.want({ lan: 1, wan: 1 }).then(() => {
    state = "granted";
  });
  tell({ kind: "stock", pairs: [pair(1, "lan")] });
  await Promise.resolve();
  strictEqual(state, "waiting");
  tell({ kind: "stock", pairs: [pair(2, "wan")] });
  await wish;
  deepStrictEqual(sent, [
    { kind: "want", side: "lan", pairs: 1 },
    { kind: "want", side: "wan", pairs: 1 },
  ]);
  link.close();
});

Deno.test("MediaLink.want() wakes as many as there are pairs for, in their turn", async () => {
  const { link, tell } = openLink();
  const granted: string[] = [];
  const wishes = ["first", "second", "third"].map((name) =>
    link.want({ lan: 1, wan: 1 }).then(() => void granted.push(name))
  );
  tell({ kind: "stock", pairs: [pair(1, "lan"), pair(2, "wan"), pair(3, "lan")] });
  await wishes[0];
  deepStrictEqual(granted, ["first"]);
  tell({ kind: "pairs-removed", pairIds: [1, 2] });
  tell({ kind: "stock", pairs: [pair(4, "wan"), pair(5, "wan"), pair(6, "lan")] });
  await Promise.all(wishes);
  deepStrictEqual(granted, ["first", "second", "third"]);
  link.close();
});

Deno.test("MediaLink.want() ends when a wanted side is exhausted, until new stock comes", async () => {
  const { link, tell } = openLink();
  const wish = link.want({ lan: 0, wan: 2 });
  tell({ kind: "exhausted", side: "wan" });
  await wish;
  strictEqual(link.isExhausted, true);
  tell({ kind: "stock", pairs: [pair(1, "wan")] });
  strictEqual(link.isExhausted, false);
  link.close();
});

Deno.test("MediaLink.want() does not wait for ever", async () => {
  using time = new FakeTime();
  const { link } = openLink();
  const wish = link.want({ lan: 1, wan: 1 });
  time.tick(1500);
  await wish;
  link.close();
});

Deno.test("MediaLink passes on expired streams, and what a new media isolate relays", () => {
  const { link, tell, expired, streams } = openLink();
  tell({ kind: "expired", streamId: 7, callId: "c", mediaIndex: 0, reason: "expired" });
  tell({ kind: "hello", pairs: [], streams: [] });
  deepStrictEqual([expired, streams], [[7], [0]]);
  link.close();
});

Deno.test("MediaLink.connect() forgets the stock of the isolate before", () => {
  const { link, tell } = openLink();
  tell({ kind: "hello", pairs: [pair(1, "lan")], streams: [] });
  const { port1, port2 } = new MessageChannel();
  port2.close();
  link.connect(port1);
  deepStrictEqual(ids(link), [[], []]);
  link.close();
});

Deno.test("MediaLink.want() waits for pairs of the families it names", async () => {
  const { link, tell, sent } = openLink();
  let state = "waiting";
  const wish = link.want({ lan: 1, wan: 1, families: { lan: 4, wan: 6 } }).then(() => {
    state = "granted";
  });
  deepStrictEqual(sent, [
    { kind: "want", side: "lan", pairs: 1, family: 4 },
    { kind: "want", side: "wan", pairs: 1, family: 6 },
  ]);
  tell({ kind: "stock", pairs: [pair(1, "lan"), pair(2, "wan")] });
  await Promise.resolve();
  strictEqual(state, "waiting");
  tell({ kind: "stock", pairs: [{ ...pair(3, "wan"), address: ip("2001:db8::1") }] });
  await wish;
  strictEqual(state, "granted");
  link.close();
});

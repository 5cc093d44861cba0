import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MediaHarness, MediaParty, ownLoopbackAddress } from "../support/media_harness.ts";

Deno.test("media worker uses even ports inside the range", async () => {
  await using media = new MediaHarness();
  await media.configure({ portLow: 17_070, portHigh: 17_089, stockPairs: 10 });
  const { free } = await media.connect();
  for (const side of ["lan", "wan"] as const) {
    const ports = free[side].map(({ rtpPort }) => rtpPort).sort();
    deepStrictEqual(ports, [17070, 17072, 17074, 17076, 17078, 17080, 17082, 17084, 17086, 17088]);
  }
});

Deno.test("media worker ends a silent stream, says so, and frees its ports", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  await media.configure({ timeoutMs: 60, holdTimeoutMs: 120, portHigh: 17_071, stockPairs: 1 });
  const channel = await media.connect();
  const stream = channel.open({ callId: "silent@phone" });
  channel.announce(stream, { lan: phone.party() });
  const expired = await channel.inbox.take("expired");
  deepStrictEqual(expired, {
    kind: "expired",
    streamId: stream.streamId,
    callId: "silent@phone",
    mediaIndex: 0,
    reason: "expired",
  });
  const { event } = await media.inbox.take("log");
  strictEqual(event.text, "RTP stream silent@phone (media=0) has expired");
  strictEqual(event.level, "info");
  await channel.settled();
  strictEqual(channel.free.lan[0]?.rtpPort, 17_070);
});

Deno.test("media worker ends a held stream after rtp_hold_timeout only", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  await media.configure({ timeoutMs: 1, holdTimeoutMs: 150 });
  const channel = await media.connect();
  const startMs = performance.now();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party("held") });
  const { streamId } = await channel.inbox.take("expired");
  strictEqual(streamId, stream.streamId);
  strictEqual(performance.now() - startMs >= 150, true);
});

Deno.test("media worker carries ten calls on ten pairs, refuses the eleventh, and re-uses ports at once", async () => {
  await using media = new MediaHarness();
  await media.configure({ portLow: 17_070, portHigh: 17_089 });
  const channel = await media.connect();
  const streams = [];
  for (let call = 0; call < 10; call++) {
    await channel.settled();
    streams.push(channel.open());
  }
  strictEqual(new Set(streams.map(({ lan }) => lan.rtpPort)).size, 10);
  channel.post({ kind: "want", side: "wan", pairs: 1 });
  strictEqual((await channel.inbox.take("exhausted")).side, "wan");
  const [first] = streams;
  if (first === undefined) throw new Error("no stream");
  channel.relay({ kind: "close", streamId: first.streamId });
  await channel.settled();
  const again = channel.open();
  strictEqual(again.lan.rtpPort, first.lan.rtpPort);
  strictEqual(again.lan.pairId === first.lan.pairId, false);
});

Deno.test("media worker shares one range fairly where both sides are one address", async () => {
  await using media = new MediaHarness();
  const addresses = { lan: media.lan, wan: media.lan, advertised: media.lan };
  await media.configure({ addresses, portLow: 17_070, portHigh: 17_089, stockPairs: 16 });
  const { free } = await media.connect();
  strictEqual(free.lan.length, 5);
  strictEqual(free.wan.length, 5);
  const ports = new Set([...free.lan, ...free.wan].map(({ rtpPort }) => rtpPort));
  strictEqual(ports.size, 10);
});

Deno.test("media worker keeps calls while the signalling isolate is replaced", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open({ callId: "survivor" });
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  const { port1, port2 } = new MessageChannel();
  const hello = Promise.withResolvers<unknown>();
  port2.onmessage = (event) => hello.resolve(event.data.streams);
  media.post({ kind: "connect", port: port1 }, [port1]);
  const { streamId, lan, wan } = stream;
  const common = { callId: "survivor", mediaIndex: 0, payload: "rtp" };
  deepStrictEqual(await hello.promise, [{ streamId, ...common, lan, wan }]);
  await phone.send("still here", stream.lan);
  strictEqual((await gateway.receive()).mark, "still here");
  const relay = { kind: "relay", commands: [{ kind: "close", streamId }] };
  port2.postMessage(relay);
  while ((await media.statistics()).live.length > 0);
  port2.close();
});

Deno.test("media worker binds its stock to a new address and keeps live streams", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  const wan = ownLoopbackAddress();
  const before = channel.free.wan.splice(0);
  const lanBefore = channel.free.lan.length;
  await media.configure({ addresses: { lan: media.lan, wan, advertised: wan } });
  const { pairIds } = await channel.inbox.take("pairs-removed");
  deepStrictEqual([...pairIds].sort(), before.map(({ pairId }) => pairId).sort());
  await channel.settled();
  deepStrictEqual(channel.free.wan.map(({ address }) => address), [wan, wan, wan, wan]);
  strictEqual(channel.free.lan.length, lanBefore);
  await phone.send("on the old address", stream.lan);
  strictEqual((await gateway.receive()).host, media.wan);
});

Deno.test("media worker has no stock on an interface that is down, and says so", async () => {
  await using media = new MediaHarness();
  await media.configure({ addresses: { lan: media.lan, wan: undefined, advertised: undefined } });
  const channel = await media.connect();
  strictEqual(channel.free.wan.length, 0);
  channel.post({ kind: "want", side: "wan", pairs: 1 });
  strictEqual((await channel.inbox.take("exhausted")).side, "wan");
});

Deno.test("media worker goes round ports that somebody else holds", async () => {
  await using media = new MediaHarness();
  const socket = Deno.listenDatagram({ transport: "udp", hostname: media.lan, port: 17_073 });
  await media.configure({ portLow: 17_070, portHigh: 17_075, stockPairs: 8 });
  const { free } = await media.connect();
  deepStrictEqual(free.lan.map(({ rtpPort }) => rtpPort).sort(), [17_070, 17_074]);
  socket.close();
});

Deno.test("media worker refuses a stream whose pair is gone and gives the other pair back", async () => {
  await using media = new MediaHarness();
  await media.configure();
  const channel = await media.connect();
  const [lan] = channel.free.lan.splice(0, 1);
  const lanPairId = lan?.pairId ?? 0;
  const common = { callId: "ghost", mediaIndex: 0, payload: "rtp" } as const;
  channel.relay({ kind: "open", streamId: 9, ...common, lanPairId, wanPairId: -1 });
  strictEqual((await channel.inbox.take("expired")).reason, "failed");
  deepStrictEqual((await channel.inbox.take("stock")).pairs, [lan]);
});

Deno.test("media worker answers the watchdog and logs locks when asked to", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure({ lockEvents: "logged" });
  media.post({ kind: "ping" });
  await media.inbox.take("pong");
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await phone.send("lock me", stream.lan);
  const { event } = await media.inbox.take("log");
  const source = `${phone.address}:${phone.party().rtp?.port}`;
  const fields = { streamId: stream.streamId, side: "lan", component: "rtp", source };
  deepStrictEqual(event, {
    level: "debug",
    component: "rtp",
    event: "rtp.lock",
    fields,
    debugClass: "RTP",
  });
});

Deno.test("media worker serves a burst of short calls on few ports without a leak", async () => {
  await using media = new MediaHarness();
  await media.configure({ portLow: 17_070, portHigh: 17_469 });
  const channel = await media.connect();
  const ports = new Set<number>();
  for (let call = 0; call < 1000; call++) {
    if (channel.free.lan.length === 0 || channel.free.wan.length === 0) await channel.settled();
    const stream = channel.open();
    ports.add(stream.lan.rtpPort);
    channel.relay({ kind: "close", streamId: stream.streamId });
  }
  await channel.settled();
  const { live, totals, stock } = await media.statistics();
  strictEqual(live.length, 0);
  strictEqual(totals.streams, 1000);
  strictEqual(ports.size > 100, true);
  deepStrictEqual(stock, { lan: channel.free.lan.length, wan: channel.free.wan.length });
});

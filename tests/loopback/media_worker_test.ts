import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MediaHarness, MediaParty, ownLoopbackAddress } from "../support/media_harness.ts";

Deno.test("media worker relays RTP and RTCP both ways from the announced ports", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await phone.send("out", stream.lan);
  const { lan, wan } = stream;
  deepStrictEqual(await gateway.receive(), { mark: "out", host: media.wan, port: wan.rtpPort });
  await gateway.send("in", wan);
  deepStrictEqual(await phone.receive(), { mark: "in", host: media.lan, port: lan.rtpPort });
  await phone.sendReport("report out", lan);
  const report = await gateway.receive("rtcp");
  deepStrictEqual(report, { mark: "report out", host: media.wan, port: wan.rtpPort + 1 });
  await gateway.sendReport("report in", wan);
  strictEqual((await phone.receive("rtcp")).port, lan.rtpPort + 1);
});

Deno.test("media worker uses even ports inside the range", async () => {
  await using media = new MediaHarness();
  await media.configure({ portLow: 17_070, portHigh: 17_089, stockPairs: 10 });
  const { free } = await media.connect();
  for (const side of ["lan", "wan"] as const) {
    const ports = free[side].map(({ rtpPort }) => rtpPort).sort();
    deepStrictEqual(ports, [17070, 17072, 17074, 17076, 17078, 17080, 17082, 17084, 17086, 17088]);
  }
});

Deno.test("media worker drops a stranger's packets and counts them", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  using stranger = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await gateway.send("first", stream.wan);
  strictEqual((await phone.receive()).mark, "first");
  for (let count = 0; count < 200; count++) await stranger.send("spoof", stream.wan);
  await stranger.send("spoof", stream.lan);
  await gateway.send("second", stream.wan);
  strictEqual((await phone.receive()).mark, "second");
  await phone.send("reply", stream.lan);
  strictEqual((await gateway.receive()).mark, "reply");
  const { totals } = await media.statistics();
  deepStrictEqual(totals.dropped, { source: 201 });
});

Deno.test("media worker sends to where a party's packets come from", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using announced = new MediaParty();
  using mapped = new MediaParty(announced.address);
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: announced.party() });
  await channel.settled();
  await phone.send("before", stream.lan);
  strictEqual((await announced.receive()).mark, "before");
  await mapped.send("mapped", stream.wan);
  strictEqual((await phone.receive()).mark, "mapped");
  await phone.send("after", stream.lan);
  strictEqual((await mapped.receive()).mark, "after");
});

Deno.test("media worker waits for the first packet of a party it may not send to", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using hidden = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  const nowhere = { rtp: undefined, rtcp: undefined, flow: "active" } as const;
  channel.announce(stream, { lan: phone.party(), wan: nowhere });
  await channel.settled();
  await phone.send("lost", stream.lan);
  await hidden.send("hello", stream.wan);
  strictEqual((await phone.receive()).mark, "hello");
  await phone.send("found", stream.lan);
  strictEqual((await hidden.receive()).mark, "found");
});

Deno.test("media worker follows a re-INVITE on the side that changed", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using first = new MediaParty();
  using second = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: first.party() });
  await channel.settled();
  await first.send("one", stream.wan);
  strictEqual((await phone.receive()).mark, "one");
  channel.announce(stream, { wan: first.party() });
  channel.announce(stream, { wan: second.party() });
  await channel.settled();
  await first.send("late", stream.wan);
  await second.send("two", stream.wan);
  strictEqual((await phone.receive()).mark, "two");
  await phone.send("reply", stream.lan);
  strictEqual((await second.receive()).mark, "reply");
});

Deno.test("media worker sends nothing to a held party and resumes", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  channel.announce(stream, { lan: { rtp: undefined, rtcp: undefined, flow: "held" } });
  await channel.settled();
  await gateway.send("into the void", stream.wan);
  while ((await media.statistics()).totals.dropped["no_target"] !== 1);
  channel.announce(stream, { lan: phone.party() });
  await channel.settled();
  await gateway.send("resumed", stream.wan);
  strictEqual((await phone.receive()).mark, "resumed");
});

Deno.test("media worker lets UDPTL pass as it is", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open({ payload: "other" });
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await phone.sendRaw(
    Uint8Array.from([0, 1, ...new Array<number>(18).fill(2), 65, 66]),
    stream.lan,
  );
  strictEqual((await gateway.receive()).mark, "AB");
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

Deno.test("media worker joins two legs that meet at its own ports", async () => {
  await using media = new MediaHarness();
  using alice = new MediaParty();
  using bob = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const out = channel.open();
  const back = channel.open();
  const at = ({ address, rtpPort }: typeof out.wan) => ({
    rtp: { address, port: rtpPort },
    rtcp: { address, port: rtpPort + 1 },
    flow: "active",
  } as const);
  channel.announce(out, { lan: alice.party(), wan: at(back.wan) });
  channel.announce(back, { lan: bob.party(), wan: at(out.wan) });
  await channel.settled();
  await alice.send("hi bob", out.lan);
  deepStrictEqual(await bob.receive(), { mark: "hi bob", host: media.lan, port: back.lan.rtpPort });
  await bob.send("hi alice", back.lan);
  strictEqual((await alice.receive()).mark, "hi alice");
  await alice.sendReport("report", out.lan);
  strictEqual((await bob.receive("rtcp")).mark, "report");
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

Deno.test("media worker relays thousands of packets whole and in order", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  for (let burst = 0; burst < 100; burst++) {
    for (let count = 0; count < 40; count++) await phone.send(`${burst}.${count}`, stream.lan);
    for (let count = 0; count < 40; count++) {
      strictEqual((await gateway.receive()).mark, `${burst}.${count}`);
    }
  }
  const { live, sendErrors } = await media.statistics();
  strictEqual(live[0]?.lan.packets, 4000);
  strictEqual(sendErrors, 0);
});

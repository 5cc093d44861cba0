import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { literal, MediaHarness, MediaParty } from "../support/media_harness.ts";

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
  const nowhere = { rtp: undefined, rtcp: undefined, written: "x:1", flow: "active" } as const;
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
  channel.announce(stream, {
    lan: { rtp: undefined, rtcp: undefined, written: "0.0.0.0:1", flow: "held" },
  });
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
    written: "own port",
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

Deno.test("media worker joins two legs that meet at the public address of a name", async () => {
  await using media = new MediaHarness();
  using alice = new MediaParty();
  using bob = new MediaParty();
  await media.configure();
  const channel = await media.connect();
  const address = literal("198.51.100.9");
  channel.post({ kind: "advertised", address });
  // A change of the settings, which name the bound address, does not undo it.
  await media.configure();
  const out = channel.open();
  const back = channel.open();
  const at = ({ rtpPort }: typeof out.wan) => ({
    rtp: { address, port: rtpPort },
    rtcp: { address, port: rtpPort + 1 },
    written: "own port",
    flow: "active",
  } as const);
  channel.announce(out, { lan: alice.party(), wan: at(back.wan) });
  channel.announce(back, { lan: bob.party(), wan: at(out.wan) });
  await channel.settled();
  await alice.send("hi bob", out.lan);
  strictEqual((await bob.receive()).mark, "hi bob");
  await bob.send("hi alice", back.lan);
  strictEqual((await alice.receive()).mark, "hi alice");
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

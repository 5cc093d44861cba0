import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { PortPair } from "../../src/rtp/relay_command.ts";
import { MediaIsolate } from "../../src/shell/media/media_isolate.ts";
import type { MediaToSupervisor } from "../../src/shell/media_protocol.ts";
import {
  Inbox,
  MediaChannel,
  mediaConfig,
  MediaHarness,
  MediaParty,
  ownLoopbackAddress,
} from "../support/media_harness.ts";
import { seededRandom } from "../support/seeded_random.ts";

const PACKETS = 60;
const PERIOD_MS = 20;

/** Held up for less than a period, so that no packet overtakes another. */
const JITTER_MS = 18;

/** Packets of 20 ms after which the pace is known. */
const SETTLING_PACKETS = 12;

/** Makes the n-th packet of a G.711 stream, its number as the mark. */
function speech(number: number): Uint8Array {
  const packet = new Uint8Array(172);
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8000);
  view.setUint16(2, number);
  view.setUint32(4, number * 160);
  new TextEncoder().encodeInto(`${number}`, packet.subarray(20));
  return packet;
}

/** Sends packets as a network with jitter delivers them; gives when each really went. */
async function sendJittery(party: MediaParty, to: PortPair): Promise<readonly number[]> {
  const random = seededRandom(87);
  const startMs = performance.now();
  const sentAtMs: number[] = [];
  for (let number = 0; number < PACKETS; number++) {
    const atMs = startMs + number * PERIOD_MS + random() * JITTER_MS;
    const waitMs = Math.max(0, atMs - performance.now());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    sentAtMs.push(performance.now());
    await party.sendRaw(speech(number), to);
  }
  return sentAtMs;
}

async function receiveAll(party: MediaParty): Promise<{
  readonly marks: readonly string[];
  readonly atMs: readonly number[];
}> {
  const marks: string[] = [];
  const atMs: number[] = [];
  while (marks.length < PACKETS) {
    const { mark } = await party.receive();
    marks.push(mark);
    atMs.push(performance.now());
  }
  return { marks, atMs };
}

/** Median distance of the gaps from the period: one gap that the machine made does not count. */
function unevennessMs(times: readonly number[]): number {
  const settled = times.slice(SETTLING_PACKETS);
  const gaps = settled.slice(1).map((time, index) => time - (settled[index] ?? 0));
  const off = gaps.map((gap) => Math.abs(gap - PERIOD_MS)).sort((left, right) => left - right);
  return off[Math.floor(off.length / 2)] ?? Infinity;
}

for (const side of ["wan", "lan"] as const) {
  Deno.test(`media worker row 87: evens out jittery RTP that arrives on the ${side} side`, async () => {
    await using media = new MediaHarness();
    using phone = new MediaParty();
    using gateway = new MediaParty();
    const directive = side === "wan" ? "inputDejitterMs" : "outputDejitterMs";
    await media.configure({ [directive]: 20 });
    const channel = await media.connect();
    const stream = channel.open();
    channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
    await channel.settled();
    const [from, to] = side === "wan" ? [gateway, phone] : [phone, gateway];
    const [sentAtMs, received] = await Promise.all([
      sendJittery(from, stream[side]),
      receiveAll(to),
    ]);
    deepStrictEqual(received.marks, Array.from({ length: PACKETS }, (_, number) => `${number}`));
    const before = unevennessMs(sentAtMs);
    const after = unevennessMs(received.atMs);
    ok(after < before / 2, `${after} ms uneven, ${before} ms before`);
    strictEqual((await media.statistics()).sendErrors, 0);
  });
}

Deno.test("media worker delays RTP of the configured direction, no report and no other direction", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure({ inputDejitterMs: 300 });
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  const order: string[] = [];
  const note = ({ mark }: { readonly mark: string }): number => order.push(mark);
  const sentAtMs = performance.now();
  await gateway.send("delayed", stream.wan);
  await gateway.sendReport("report", stream.wan);
  await phone.send("other way", stream.lan);
  await Promise.all([
    phone.receive().then(note),
    phone.receive("rtcp").then(note),
    gateway.receive().then(note),
  ]);
  ok(performance.now() - sentAtMs >= 299);
  strictEqual(order[2], "delayed");
});

Deno.test("media worker delays nothing that is no RTP", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure({ inputDejitterMs: 1500, outputDejitterMs: 1500 });
  const channel = await media.connect();
  const delayed = channel.open();
  const fax = channel.open({ payload: "other" });
  using other = new MediaParty();
  channel.announce(delayed, { lan: other.party(), wan: gateway.party() });
  channel.announce(fax, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  const first = gateway.receive();
  await other.send("speech", delayed.lan);
  await phone.send("fax", fax.lan);
  strictEqual((await first).mark, "fax");
});

Deno.test("media worker forgets what a closed stream still held back, and stops with a full queue", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  await media.configure({ inputDejitterMs: 250 });
  const channel = await media.connect();
  const closed = channel.open();
  const live = channel.open();
  using other = new MediaParty();
  channel.announce(closed, { lan: phone.party(), wan: gateway.party() });
  channel.announce(live, { lan: phone.party(), wan: other.party() });
  await channel.settled();
  for (let count = 0; count < 5; count++) await gateway.send("dropped", closed.wan);
  while ((await media.statistics()).totals.packets < 5);
  channel.relay({ kind: "close", streamId: closed.streamId });
  await other.send("kept", live.wan);
  strictEqual((await phone.receive()).mark, "kept");
  for (let count = 0; count < 5; count++) await other.send("never sent", live.wan);
  while ((await media.statistics()).totals.packets < 11);
});

Deno.test("MediaIsolate leaves no timer when it stops with a packet held back", async () => {
  using phone = new MediaParty();
  using gateway = new MediaParty();
  const inbox = new Inbox<MediaToSupervisor>();
  const isolate = new MediaIsolate({ post: (message) => inbox.put(message), random: () => 0.5 });
  const addresses = { lan: ownLoopbackAddress(), wan: ownLoopbackAddress(), advertised: undefined };
  const config = mediaConfig(addresses, { inputDejitterMs: 1500 });
  isolate.receive({ kind: "configure", config });
  const { port1, port2 } = new MessageChannel();
  const channel = new MediaChannel(port2);
  isolate.receive({ kind: "connect", port: port1 });
  await channel.inbox.take("hello");
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await gateway.send("held", stream.wan);
  for (let packets = 0; packets < 1;) {
    isolate.receive({ kind: "statistics" });
    packets = (await inbox.take("statistics")).statistics.totals.packets;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  isolate.receive({ kind: "stop" });
  channel.close();
  strictEqual((await inbox.take("stopped")).kind, "stopped");
});

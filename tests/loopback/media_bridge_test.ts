import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { IpAddress } from "../../src/base/ip_address.ts";
import type { PortPair, RelayParty } from "../../src/rtp/relay_command.ts";
import { literal, MediaHarness, MediaParty } from "../support/media_harness.ts";

/** What the outside is told in place of the address that ports are bound to. */
const SHOWN = literal("198.51.100.9");

/** What a party's description says when it names one of our ports. */
function at({ rtpPort }: PortPair, address: IpAddress): RelayParty {
  return {
    rtp: { address, port: rtpPort },
    rtcp: { address, port: rtpPort + 1 },
    written: "own port",
    flow: "active",
  };
}

for (const shown of ["bound", "public"] as const) {
  Deno.test(`media workers send to each other between legs that meet at their ports of the ${shown} address`, async () => {
    await using first = new MediaHarness();
    await using second = new MediaHarness(first);
    using alice = new MediaParty();
    using bob = new MediaParty();
    using provider = new MediaParty();
    const isolates = [first, second];
    for (const [worker, media] of isolates.entries()) {
      await media.configure({ share: { worker, workers: 2 } });
    }
    const [near, far] = [await first.connect(), await second.connect()];
    for (const channel of [near, far]) channel.post({ kind: "advertised", address: SHOWN });
    const [out, back] = [near.open(), far.open()];
    const address = shown === "bound" ? first.wan : SHOWN;
    strictEqual((out.wan.rtpPort / 2 + back.wan.rtpPort / 2) % 2, 1);
    // The provider relayed at first; then it lets the phones speak to each other.
    near.announce(out, { lan: alice.party(), wan: provider.party() });
    far.announce(back, { lan: bob.party(), wan: provider.party() });
    for (const channel of [near, far]) await channel.settled();
    await alice.send("hi provider", out.lan);
    strictEqual((await provider.receive()).mark, "hi provider");
    near.announce(out, { wan: at(back.wan, address) });
    far.announce(back, { wan: at(out.wan, address) });
    for (const channel of [near, far]) await channel.settled();
    await alice.send("hi bob", out.lan);
    const heard = { mark: "hi bob", host: first.lan, port: back.lan.rtpPort };
    deepStrictEqual(await bob.receive(), heard);
    await bob.send("hi alice", back.lan);
    strictEqual((await alice.receive()).mark, "hi alice");
    await alice.sendReport("report", out.lan);
    strictEqual((await bob.receive("rtcp")).mark, "report");
  });
}

Deno.test("media workers let nobody into a stranger's stream of the other one", async () => {
  await using first = new MediaHarness();
  await using second = new MediaHarness(first);
  using mallory = new MediaParty();
  using bob = new MediaParty();
  using provider = new MediaParty();
  for (const [worker, media] of [first, second].entries()) {
    await media.configure({ share: { worker, workers: 2 } });
  }
  const [near, far] = [await first.connect(), await second.connect()];
  const [out, back] = [near.open(), far.open()];
  far.announce(back, { lan: bob.party(), wan: provider.party() });
  near.announce(out, { lan: mallory.party(), wan: at(back.wan, first.wan) });
  for (const channel of [near, far]) await channel.settled();
  await mallory.send("let me in", out.lan);
  // The refusal is the sign that it came.
  while ((await second.statistics()).totals.dropped["source"] !== 1);
  await provider.send("hi bob", back.wan);
  strictEqual((await bob.receive()).mark, "hi bob");
  await bob.send("hi provider", back.lan);
  strictEqual((await provider.receive()).mark, "hi provider");
});

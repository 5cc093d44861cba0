import { deepStrictEqual } from "node:assert/strict";
import type { StreamEvent } from "../../src/shell/firewall/stream_reports.ts";
import { MediaHarness, MediaParty } from "../support/media_harness.ts";

Deno.test("media worker tells the supervisor of streams, their peers and their end", async () => {
  await using media = new MediaHarness();
  using phone = new MediaParty();
  using gateway = new MediaParty();
  using mapped = new MediaParty(gateway.address);
  await media.configure({ streamEvents: "reported" });
  const channel = await media.connect();
  const stream = channel.open();
  channel.announce(stream, { lan: phone.party(), wan: gateway.party() });
  await channel.settled();
  await mapped.send("mapped", stream.wan);
  await phone.receive();
  channel.post({ kind: "relay", commands: [{ kind: "close", streamId: stream.streamId }] });
  const events: StreamEvent[] = [];
  while (events.at(-1)?.kind !== "stop") events.push((await media.inbox.take("stream")).event);
  const { streamId, lan, wan } = stream;
  deepStrictEqual(events, [
    {
      kind: "start",
      streamId,
      lan: { address: lan.address, port: lan.rtpPort },
      wan: { address: wan.address, port: wan.rtpPort },
    },
    { kind: "peer", streamId, side: "lan", peer: phone.party().rtp },
    { kind: "peer", streamId, side: "wan", peer: gateway.party().rtp },
    { kind: "peer", streamId, side: "wan", peer: mapped.party().rtp },
    { kind: "stop", streamId },
  ]);
});

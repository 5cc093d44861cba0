import { deepStrictEqual } from "node:assert/strict";
import { parseIpAddress } from "../../base/ip_address.ts";
import { mediaTarget } from "../../rtp/relay_end.ts";
import { createRelayStream, type RelayStream } from "../../rtp/relay_stream.ts";
import { type StreamEvent, StreamReports } from "./stream_reports.ts";

const SOCKET = { send: () => Promise.resolve(0) };

function streamOf(): RelayStream {
  const address = parseIpAddress("10.0.0.1");
  if (address === undefined) throw new Error("no address");
  const bound = (side: "lan" | "wan", rtpPort: number) => ({
    pair: { pairId: rtpPort, side, address, rtpPort },
    rtp: SOCKET,
    rtcp: SOCKET,
  });
  return createRelayStream({
    streamId: 3,
    callId: "c",
    mediaIndex: 0,
    payload: "rtp",
    lan: bound("lan", 7070),
    wan: bound("wan", 7080),
    nowMs: 0,
  });
}

function reports() {
  const events: StreamEvent[] = [];
  return { events, reports: new StreamReports((event) => events.push(event)) };
}

Deno.test("StreamReports says nothing until somebody wants to know", () => {
  const { events, reports: one } = reports();
  const stream = streamOf();
  one.start(stream);
  stream.wan.rtp.target = mediaTarget("198.51.100.1", 4000);
  one.peer(stream.wan.rtp);
  one.stop(stream);
  deepStrictEqual(events, []);
});

Deno.test("StreamReports tells ports, each new peer once, and the end", () => {
  const { events, reports: one } = reports();
  one.configure("reported");
  const stream = streamOf();
  one.start(stream);
  one.peer(stream.wan.rtp);
  stream.wan.rtp.target = mediaTarget("198.51.100.1", 4000);
  one.peer(stream.wan.rtp);
  one.peer(stream.wan.rtp);
  stream.wan.rtcp.target = mediaTarget("198.51.100.1", 4001);
  one.peer(stream.wan.rtcp);
  stream.wan.rtp.target = mediaTarget("2001:db8::1", 5000);
  one.peer(stream.wan.rtp);
  stream.wan.rtp.target = undefined;
  one.peer(stream.wan.rtp);
  one.stop(stream);
  deepStrictEqual(events, [
    {
      kind: "start",
      streamId: 3,
      lan: { address: "10.0.0.1", port: 7070 },
      wan: { address: "10.0.0.1", port: 7080 },
    },
    { kind: "peer", streamId: 3, side: "wan", peer: { address: "198.51.100.1", port: 4000 } },
    { kind: "peer", streamId: 3, side: "wan", peer: { address: "2001:db8::1", port: 5000 } },
    { kind: "peer", streamId: 3, side: "wan", peer: undefined },
    { kind: "stop", streamId: 3 },
  ]);
});

Deno.test("StreamReports forgets the peers of a stream with it", () => {
  const { events, reports: one } = reports();
  one.configure("reported");
  const stream = streamOf();
  stream.lan.rtp.target = mediaTarget("10.0.0.9", 4000);
  one.peer(stream.lan.rtp);
  one.stop(stream);
  one.peer(stream.lan.rtp);
  deepStrictEqual(events.map(({ kind }) => kind), ["peer", "stop", "peer"]);
});

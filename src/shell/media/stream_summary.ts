import type { RelayStream } from "../../rtp/relay_stream.ts";
import type { StreamSummary } from "../media_protocol.ts";

/**
 * Tells what a restarted signalling isolate must know of a live stream.
 *
 * @param stream the stream
 * @returns plain data
 */
export function streamSummary(stream: RelayStream): StreamSummary {
  const { streamId, callId, mediaIndex, lan, wan } = stream;
  const { payload } = lan.rtp;
  return { streamId, callId, mediaIndex, payload, lan: lan.bound.pair, wan: wan.bound.pair };
}

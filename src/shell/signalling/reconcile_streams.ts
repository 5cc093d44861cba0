import type { ProxyState } from "../../proxy/state.ts";
import type { MediaLink } from "./media_link.ts";
import { workerOf } from "../../rtp/media_share.ts";
import type { StreamSummary } from "../media_protocol.ts";
import type { SipLoop } from "./sip_loop.ts";

/**
 * Brings legs and the streams of a media isolate together after either isolate was replaced: a stream of no leg is closed, a leg whose
 * stream is gone forgets it.
 *
 * @param both what that media isolate relays, and where the legs are
 */
export function reconcileStreams(
  both: {
    readonly streams: readonly StreamSummary[];
    /** Which media isolate; the streams of others are none of its business. */
    readonly worker: number;
    readonly state: ProxyState;
    readonly media: MediaLink;
    readonly loop: SipLoop;
  },
): void {
  const { streams, worker, state, media, loop } = both;
  const relayed = new Set(streams.map(({ streamId }) => streamId));
  for (const dialog of state.dialogs.all()) {
    for (const { streamId } of dialog.streams) {
      if (workerOf(streamId) === worker && !relayed.has(streamId)) loop.mediaExpired(streamId);
    }
  }
  const orphans = streams.filter(({ streamId }) => state.dialogs.byStream(streamId) === undefined);
  if (orphans.length === 0) return;
  media.apply(orphans.map(({ streamId }) => ({ kind: "close", streamId } as const)));
}

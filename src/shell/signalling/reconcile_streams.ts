import type { ProxyState } from "../../proxy/state.ts";
import type { MediaLink } from "./media_link.ts";
import type { StreamSummary } from "../media_protocol.ts";
import type { SipLoop } from "./sip_loop.ts";

/**
 * Brings legs and relayed streams together after either isolate was replaced: a stream of no leg is closed, a leg whose
 * stream is gone forgets it.
 *
 * @param both what the media isolate relays, and where the legs are
 */
export function reconcileStreams(
  both: {
    readonly streams: readonly StreamSummary[];
    readonly state: ProxyState;
    readonly media: MediaLink;
    readonly loop: SipLoop;
  },
): void {
  const { streams, state, media, loop } = both;
  const relayed = new Set(streams.map(({ streamId }) => streamId));
  for (const dialog of state.dialogs.all()) {
    for (const { streamId } of dialog.streams) {
      if (!relayed.has(streamId)) loop.mediaExpired(streamId);
    }
  }
  const orphans = streams.filter(({ streamId }) => state.dialogs.byStream(streamId) === undefined);
  if (orphans.length === 0) return;
  media.apply(orphans.map(({ streamId }) => ({ kind: "close", streamId } as const)));
}

import type { LogEvent } from "../../log/log_event.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import type { RelayStream } from "../../rtp/relay_stream.ts";
import type { RelayOpen } from "../../rtp/relay_table.ts";

/**
 * Tells of a stream that was silent for too long.
 *
 * @param stream which
 * @returns a line of the log
 */
export function expiredEvent(stream: RelayStream): LogEvent {
  const { callId, mediaIndex } = stream;
  return {
    level: "info",
    component: "rtp",
    event: "rtp.expired",
    text: `RTP stream ${callId} (media=${mediaIndex}) has expired`,
    fields: { callId, mediaIndex },
  };
}

/**
 * Tells of a stream that could not be opened.
 *
 * @param command what was wanted
 * @param reason why not
 * @returns a line of the log
 */
export function refusedEvent(command: RelayOpen, reason: string): LogEvent {
  const { callId, mediaIndex } = command;
  return {
    level: "error",
    component: "rtp",
    event: "rtp.refused",
    text: `Cannot open RTP stream ${callId} (media=${mediaIndex}): ${reason}`,
    fields: { callId, mediaIndex },
  };
}

/**
 * Tells of a source that was learnt.
 *
 * @param end where it sends to
 * @returns a debug event
 */
export function lockEvent(end: RelayEnd): LogEvent {
  const { streamId, side, component, lockedHost, lockedPort } = end;
  const fields = { streamId, side, component, source: `${lockedHost}:${lockedPort}` };
  return { level: "debug", component: "rtp", event: "rtp.lock", fields, debugClass: "RTP" };
}

import { replacePort } from "./rewrite_sdp.ts";
import type { SdpSession } from "./sdp_session.ts";

/**
 * Switches media lines off by port 0 (RFC 3264 §6): for an offer in a 2xx whose lines could get no ports.
 *
 * @param session what {@linkcode parseSdp} gave
 * @param indexes positions of the m= lines to switch off, from 0
 * @returns a session that can be planned and rewritten like any other
 */
export function rejectMedia(session: SdpSession, indexes: readonly number[]): SdpSession {
  const refused = new Set(indexes);
  let index = -1;
  const lines = session.lines.map((line) => {
    if (!line.text.startsWith("m=")) return line;
    return refused.has(++index) ? { ...line, text: replacePort(line.text, 0) } : line;
  });
  const media = session.media.map((section) =>
    refused.has(section.index) ? { ...section, port: 0, portCount: 1 } : section
  );
  return { ...session, lines, media };
}

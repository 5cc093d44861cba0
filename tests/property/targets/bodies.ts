import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { planMedia } from "../../../src/sdp/media_plan.ts";
import { parseSdp } from "../../../src/sdp/parse_sdp.ts";
import { rejectMedia } from "../../../src/sdp/reject_media.ts";
import { rewriteSdp } from "../../../src/sdp/rewrite_sdp.ts";
import { replacePart } from "../../../src/sip/multipart.ts";
import { address } from "../../support/core_world.ts";
import { multipartText } from "../grammar.ts";
import { mutate } from "../mutate.ts";
import { sdpText } from "../sdp_grammar.ts";
import { broken, type Target } from "../target.ts";

const SHOWN = address("198.51.100.1");

/** parseSdp(), planMedia() and rewriteSdp(): what is written parses again and names our ports only. */
export const SDP: Target = {
  name: "sdp",
  generate: (dice) => encodeLatin1(dice.oneIn(4) ? sdpText(dice) : mutate(sdpText(dice), dice)),
  run(input): void {
    const parsed = parseSdp(decodeLatin1(input));
    if (!parsed.ok) return;
    const plan = planMedia(parsed.value);
    if (!plan.ok) return;
    const media = plan.value.map((line, position) => {
      const rtpPort = 7070 + 2 * position;
      return { index: line.index, rtpPort, rtcpPort: rtpPort + 1 };
    });
    const body = rewriteSdp(parsed.value, { connectionAddress: SHOWN, media });
    const again = parseSdp(body);
    if (!again.ok) broken(`a rewritten body does not parse: ${again.error}`, body);
    const planned = planMedia(again.value);
    if (!planned.ok) broken(`a rewritten body cannot be planned: ${planned.error}`, body);
    for (const [position, line] of planned.value.entries()) {
      if (line.rtp.port !== media[position]?.rtpPort) broken("a port is not ours", body);
      if (line.flow === "active" && line.rtp.address !== SHOWN) broken("an address leaks", body);
    }
    const closed = parseSdp(
      rewriteSdp(rejectMedia(parsed.value, plan.value.map((line) => line.index)), {
        connectionAddress: SHOWN,
        media: [],
      }),
    );
    if (!closed.ok) broken("a switched-off body does not parse", body);
    if (closed.value.media.some((line) => line.port !== 0)) broken("a line is still on", body);
  },
};

/** replacePart(): at most one part changes, and without a change the body is the same text. */
export const MULTIPART: Target = {
  name: "multipart",
  generate: (dice) =>
    encodeLatin1(dice.oneIn(4) ? multipartText(dice) : mutate(multipartText(dice), dice)),
  run(input): void {
    const body = decodeLatin1(input);
    const mediaType = "application/sdp";
    for (const contentType of ["multipart/mixed;boundary=b", 'multipart/x; BOUNDARY="b"', "x"]) {
      let calls = 0;
      const kept = replacePart(body, { contentType, mediaType, replace: () => void calls++ });
      if (kept.ok && kept.value !== body) broken("a body changes by itself", body);
      if (calls > 1) broken("more than one part was given", body);
      const twin = replacePart(body, { contentType, mediaType, replace: (content) => content });
      if (twin.ok !== kept.ok) broken("the same content changes the verdict", body);
      replacePart(body, { contentType, mediaType, replace: () => "" });
    }
  },
};

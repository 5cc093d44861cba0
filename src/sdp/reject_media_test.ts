import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { planMedia } from "./media_plan.ts";
import { parseSdp } from "./parse_sdp.ts";
import { rejectMedia } from "./reject_media.ts";
import { joinSdpLines } from "./sdp_line.ts";
import type { SdpSession } from "./sdp_session.ts";

const BODY = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\nm=video 4002/2 RTP/AVP 96\r\n" +
  "a=mid:m=video\r\n";

function session(body: string): SdpSession {
  const result = parseSdp(body);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

Deno.test("rejectMedia() switches the named lines off", () => {
  const rejected = rejectMedia(session(BODY), [1]);
  strictEqual(joinSdpLines(rejected.lines), BODY.replace("4002/2", "0"));
  deepStrictEqual(rejected.media.map(({ port, portCount }) => [port, portCount]), [[4000, 1], [
    0,
    1,
  ]]);
});

Deno.test("rejectMedia() leaves nothing to relay of a rejected line", () => {
  const plan = planMedia(rejectMedia(session(BODY), [0, 1]));
  deepStrictEqual(plan, { ok: true, value: [] });
});

Deno.test("rejectMedia() without indexes keeps every byte", () => {
  strictEqual(joinSdpLines(rejectMedia(session(BODY), []).lines), BODY);
});

Deno.test("rejectMedia() agrees with parsing its own result again", () => {
  const rejected = rejectMedia(session(BODY), [0, 7]);
  deepStrictEqual(session(joinSdpLines(rejected.lines)).media, rejected.media);
});

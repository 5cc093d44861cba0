import { strictEqual } from "node:assert/strict";
import { createCodecFilter } from "./filter_codecs.ts";

function sdp(lines: readonly string[]): string {
  return ["v=0", "s=-", ...lines].map((line) => `${line}\r\n`).join("");
}

const offer = [
  "m=audio 4000 RTP/AVP 0 18 8 101",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:18 G729/8000",
  "a=fmtp:18 annexb=no",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-15",
  "a=sendrecv",
];

const cases:
  readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ["a codec with its rtpmap and fmtp", offer, ["g729"], [
      "m=audio 4000 RTP/AVP 0 8 101",
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-15",
      "a=sendrecv",
    ]],
    ["a static codec without rtpmap", offer, ["pcma"], [
      "m=audio 4000 RTP/AVP 0 18 101",
      ...offer.slice(1),
    ]],
    ["several", offer, ["pcm", "telephone"], [
      "m=audio 4000 RTP/AVP 18",
      "a=rtpmap:18 G729/8000",
      "a=fmtp:18 annexb=no",
      "a=sendrecv",
    ]],
    ["nothing when all would go", offer, ["pcm", "g729", "event"], offer],
    ["nothing when no name matches", offer, ["opus"], offer],
    [
      "a video codec with feedback and retransmission",
      [
        "m=video 5000 UDP/TLS/RTP/SAVPF 96 97 98",
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 nack pli",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        "a=rtpmap:98 H264/90000",
        "a=rtcp-fb:* ccm fir",
      ],
      ["vp8"],
      [
        "m=video 5000 UDP/TLS/RTP/SAVPF 98",
        "a=rtpmap:98 H264/90000",
        "a=rtcp-fb:* ccm fir",
      ],
    ],
    [
      "each media line by itself",
      [
        "m=audio 4000 RTP/AVP 0 8",
        "m=audio 4002 RTP/AVP 0",
      ],
      ["pcmu"],
      ["m=audio 4000 RTP/AVP 8", "m=audio 4002 RTP/AVP 0"],
    ],
    ["nothing of a line that is no RTP", ["m=image 4000 udptl t38"], ["t38"], [
      "m=image 4000 udptl t38",
    ]],
  ];

for (const [what, lines, words, expected] of cases) {
  Deno.test(`createCodecFilter() takes out ${what}`, () => {
    strictEqual(createCodecFilter(words)(sdp(lines)), sdp(expected));
  });
}

Deno.test("createCodecFilter() keeps the line endings of a body with bare LF", () => {
  strictEqual(
    createCodecFilter(["pcma"])("v=0\nm=audio 4000 RTP/AVP 0 8\n"),
    "v=0\nm=audio 4000 RTP/AVP 0\n",
  );
});

import { strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { parseSdp } from "./parse_sdp.ts";
import { type MediaPorts, replacePort, rewriteSdp } from "./rewrite_sdp.ts";
import type { SdpSession } from "./sdp_session.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function session(body: string): SdpSession {
  const result = parseSdp(body);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const WAN6 = address("2001:db8::1");
const WAN = address("203.0.113.1");
const AUDIO: MediaPorts = { index: 0, rtpPort: 7070, rtcpPort: 7071 };

function rewritten(body: string, media: readonly MediaPorts[] = [AUDIO]): string {
  return rewriteSdp(session(body), { connectionAddress: WAN, media });
}

Deno.test("rewriteSdp() replaces addresses and ports and keeps all else byte for byte", () => {
  const offer = "v=0\r\n" +
    "o=alice 28 29 IN IP4 10.0.0.10\r\n" +
    "s=-\n" +
    "c=IN IP4 10.0.0.10\r\n" +
    "b=AS:64\r\n" +
    "t=0 0\r\n" +
    "m=audio 7078 RTP/SAVP 0  8\r\n" +
    "a=rtpmap:0 PCMU/8000\r\n" +
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:10.0.0.10\r\n" +
    "a=fingerprint:sha-256 AA:BB\r\n" +
    "a=setup:actpass\r\n" +
    "a=rtcp-mux\r\n" +
    "a=rtcp:7079 IN IP4 10.0.0.10\r\n" +
    "a=rtcp-fb:* nack\r\n" +
    "a=sendrecv\r\n" +
    "m=video 0 RTP/AVP 96\r\n" +
    "c=IN IP4 10.0.0.11\r\n" +
    "X 10.0.0.10";
  strictEqual(
    rewritten(offer),
    "v=0\r\n" +
      "o=alice 28 29 IN IP4 203.0.113.1\r\n" +
      "s=-\n" +
      "c=IN IP4 203.0.113.1\r\n" +
      "b=AS:64\r\n" +
      "t=0 0\r\n" +
      "m=audio 7070 RTP/SAVP 0  8\r\n" +
      "a=rtpmap:0 PCMU/8000\r\n" +
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:10.0.0.10\r\n" +
      "a=fingerprint:sha-256 AA:BB\r\n" +
      "a=setup:actpass\r\n" +
      "a=rtcp-mux\r\n" +
      "a=rtcp:7071 IN IP4 203.0.113.1\r\n" +
      "a=rtcp-fb:* nack\r\n" +
      "a=sendrecv\r\n" +
      "m=video 0 RTP/AVP 96\r\n" +
      "c=IN IP4 203.0.113.1\r\n" +
      "X 10.0.0.10",
  );
});

Deno.test("rewriteSdp() changes single lines as decided", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["hold stays", "c=IN IP4 0.0.0.0", "c=IN IP4 0.0.0.0"],
    ["a hold by IPv6 becomes one by IPv4", "c=IN IP6 ::", "c=IN IP4 0.0.0.0"],
    ["a name goes", "c=IN IP4 phone.example.net", "c=IN IP4 203.0.113.1"],
    ["a multicast ttl goes", "c=IN IP4 224.2.1.1/127/3", "c=IN IP4 203.0.113.1"],
    ["the type follows the address", "c=IN IP6 2001:db8::1", "c=IN IP4 203.0.113.1"],
    ["IPv6 origin", "o=- 1 2 IN IP6 fe80::1", "o=- 1 2 IN IP4 203.0.113.1"],
    ["origin with spaces", "o=a b 1 2 IN IP4 10.0.0.1", "o=a b 1 2 IN IP4 203.0.113.1"],
    ["short origin", "o=- 1 2", "o=- 1 2"],
  ];
  for (const [what, before, after] of table) {
    strictEqual(rewritten(`v=0\r\n${before}\r\n`, []), `v=0\r\n${after}\r\n`, what);
  }
});

Deno.test("rewriteSdp() keeps the form of a=rtcp", () => {
  const head = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\n";
  const newHead = "v=0\r\nc=IN IP4 203.0.113.1\r\nm=audio 7070 RTP/AVP 0\r\n";
  const table: readonly (readonly [string, string])[] = [
    ["a=rtcp:5005", "a=rtcp:7071"],
    ["a=rtcp:9999", "a=rtcp:7071"],
    ["a=rtcp:5004", "a=rtcp:7070"],
    ["a=rtcp:5005 IN IP4 10.0.0.1", "a=rtcp:7071 IN IP4 203.0.113.1"],
    ["a=rtcp:5005 IN IP4 0.0.0.0", "a=rtcp:7071 IN IP4 0.0.0.0"],
    ["a=rtcp:5005 IN IP6 ::", "a=rtcp:7071 IN IP4 0.0.0.0"],
    ["a=rtcp:bogus", "a=rtcp:bogus"],
    ["a=rtcp-mux", "a=rtcp-mux"],
    ["a=rtcp-xr:rcvr-rtt=all", "a=rtcp-xr:rcvr-rtt=all"],
  ];
  for (const [before, after] of table) {
    strictEqual(rewritten(`${head}${before}\r\n`), `${newHead}${after}\r\n`, before);
  }
});

Deno.test("rewriteSdp() hides the address of a=rtcp also in a line without port", () => {
  const body = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 0\r\na=rtcp:5005 IN IP4 10.0.0.1\r\n";
  const expected =
    "v=0\r\nc=IN IP4 203.0.113.1\r\nm=audio 0 RTP/AVP 0\r\na=rtcp:5005 IN IP4 203.0.113.1\r\n";
  strictEqual(rewritten(body, []), expected);
});

Deno.test("rewriteSdp() removes ICE and nothing that looks like it", () => {
  const head = "v=0\r\nc=IN IP4 203.0.113.1\r\n";
  const media = "m=audio 7070 RTP/AVP 0\r\n";
  const ice = "a=ice-ufrag:abc\r\na=ice-pwd:xyz\r\na=ice-options:trickle\r\na=ice-mismatch\r\n" +
    "a=candidate:1 1 UDP 2130706431 10.0.0.10 5004 typ host\r\na=end-of-candidates\r\n" +
    "a=remote-candidates:1 10.0.0.10 5004\r\n";
  const others = "a=iceberg\r\na=candidates\r\na=mid:ice-1\r\n";
  strictEqual(
    rewritten(`${head}a=ice-lite\r\n${media}${ice}${others}`),
    `${head}${media}${others}`,
  );
});

Deno.test("rewriteSdp() leaves a line that is switched off at port 0, listed or not", () => {
  const body = (host: string, video: string) =>
    `v=0\r\nc=IN IP4 ${host}\r\nm=audio 0 RTP/AVP 0\r\nm=video ${video} RTP/AVP 31\r\n`;
  const video = { index: 1, rtpPort: 7072, rtcpPort: 7073 };
  strictEqual(
    rewritten(body("10.0.0.10", "4002"), [AUDIO, video]),
    body("203.0.113.1", "7072"),
  );
});

Deno.test("rewriteSdp() rewrites only the listed media", () => {
  const body = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\nm=image 4002 udptl t38\r\n" +
    "m=application 4004 TCP/BFCP *\r\n";
  strictEqual(
    rewritten(body, [AUDIO, { index: 2, rtpPort: 7080, rtcpPort: 7081 }]),
    "v=0\r\nc=IN IP4 203.0.113.1\r\nm=audio 7070 RTP/AVP 0\r\nm=image 4002 udptl t38\r\n" +
      "m=application 7080 TCP/BFCP *\r\n",
  );
});

Deno.test("rewriteSdp() takes an own address for the origin and writes IPv6", () => {
  const body = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n" +
    "a=rtcp:4001 IN IP4 10.0.0.1\r\n";
  const result = rewriteSdp(session(body), {
    originAddress: address("198.51.100.7"),
    connectionAddress: address("2001:db8::7"),
    media: [AUDIO],
  });
  strictEqual(
    result,
    "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\nc=IN IP6 2001:db8::7\r\nm=audio 7070 RTP/AVP 0\r\n" +
      "a=rtcp:7071 IN IP6 2001:db8::7\r\n",
  );
});

Deno.test("replacePort() keeps spacing and drops a port count", () => {
  const table: readonly (readonly [string, string])[] = [
    ["m=audio 5000 RTP/AVP 0", "m=audio 7070 RTP/AVP 0"],
    ["m=audio 5000/2 RTP/AVP 0", "m=audio 7070 RTP/AVP 0"],
    ["m=audio  5000  RTP/AVP  0 ", "m=audio  7070  RTP/AVP  0 "],
    ["m= audio 5000 RTP/AVP", "m= audio 7070 RTP/AVP"],
    ["m=audio 5000", "m=audio 7070"],
    ["m=audio", "m=audio"],
  ];
  for (const [before, after] of table) strictEqual(replacePort(before, 7070), after, before);
});

Deno.test("rewriteSdp() turns IPv4 into IPv6, a hold too", () => {
  const body = rewriteSdp(
    session(
      "v=0\r\no=- 1 2 IN IP4 10.0.0.10\r\nc=IN IP4 10.0.0.10\r\n" +
        "m=audio 7078 RTP/AVP 0\r\na=rtcp:7079 IN IP4 10.0.0.10\r\n" +
        "m=video 7080 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\na=rtcp:7081 IN IP4 0.0.0.0\r\n" +
        "m=text 7082 RTP/AVP 98\r\nc=IN IP6 ::\r\n",
    ),
    { connectionAddress: WAN6, media: [AUDIO] },
  );
  strictEqual(
    body,
    "v=0\r\no=- 1 2 IN IP6 2001:db8::1\r\nc=IN IP6 2001:db8::1\r\n" +
      "m=audio 7070 RTP/AVP 0\r\na=rtcp:7071 IN IP6 2001:db8::1\r\n" +
      "m=video 7080 RTP/AVP 96\r\nc=IN IP6 ::\r\na=rtcp:7081 IN IP6 ::\r\n" +
      "m=text 7082 RTP/AVP 98\r\nc=IN IP6 ::\r\n",
  );
});

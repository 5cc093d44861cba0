import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MAX_ATTRIBUTES, MAX_MEDIA_LINES, parseRtcp, parseSdp } from "./parse_sdp.ts";
import { joinSdpLines } from "./sdp_line.ts";
import type { SdpMedia, SdpSession } from "./sdp_session.ts";

const OFFER = "v=0\r\n" +
  "o=alice 2890844526 2890844527 IN IP4 10.0.0.10\r\n" +
  "s=call\r\n" +
  "c=IN IP4 10.0.0.10\r\n" +
  "t=0 0\r\n" +
  "m=audio 7078 RTP/AVP 0 8 101\r\n" +
  "a=rtpmap:0 PCMU/8000\r\n" +
  "a=rtcp:7079 IN IP4 10.0.0.10\r\n" +
  "m=video 9078/2 RTP/SAVPF 96\r\n" +
  "c=IN IP4 10.0.0.11/127\r\n" +
  "a=sendonly\r\n" +
  "a=rtcp-mux\r\n";

function session(body: string): SdpSession {
  const result = parseSdp(body);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function firstMedia(body: string): SdpMedia {
  const [media] = session(body).media;
  if (media === undefined) throw new Error("no media");
  return media;
}

function problem(body: string): string {
  const result = parseSdp(body);
  return result.ok ? "parsed" : result.error;
}

Deno.test("parseSdp() decodes what a relay must know", () => {
  const { origin, connection, media } = session(OFFER);
  deepStrictEqual(origin, { addressType: "IP4", address: "10.0.0.10" });
  deepStrictEqual(connection, { addressType: "IP4", address: "10.0.0.10" });
  deepStrictEqual(media, [
    {
      index: 0,
      media: "audio",
      port: 7078,
      portCount: 1,
      protocol: "RTP/AVP",
      formats: ["0", "8", "101"],
      connection: undefined,
      rtcp: { port: 7079, address: { addressType: "IP4", address: "10.0.0.10" } },
      rtcpMux: "none",
      effectiveAddress: "10.0.0.10",
      addressType: "IP4",
      flow: "active",
    },
    {
      index: 1,
      media: "video",
      port: 9078,
      portCount: 2,
      protocol: "RTP/SAVPF",
      formats: ["96"],
      connection: { addressType: "IP4", address: "10.0.0.11" },
      rtcp: undefined,
      rtcpMux: "offered",
      effectiveAddress: "10.0.0.11",
      addressType: "IP4",
      flow: "held",
    },
  ]);
});

Deno.test("parseSdp() keeps every line byte for byte", () => {
  const odd =
    "v=0\no=- 1 1 IN IP4 1.2.3.4\r\nx-strange\r\nz=\r\n\r\n=\nb=AS:64\r\nk=clear:\xe4\xff";
  for (const body of [OFFER, odd]) strictEqual(joinSdpLines(session(body).lines), body);
});

Deno.test("parseSdp() tells held from active flow", () => {
  const table: readonly (readonly [string, SdpMedia["flow"]])[] = [
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n", "active"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n", "active"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=recvonly\r\n", "active"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", "held"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=inactive\r\n", "held"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\na=inactive \n", "held"],
    ["c=IN IP4 10.0.0.1\r\na=inactive\r\nm=audio 4000 RTP/AVP 0\r\n", "held"],
    ["c=IN IP4 10.0.0.1\r\na=inactive\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n", "active"],
    ["c=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\n", "held"],
    ["c=IN IP6 ::\r\nm=audio 4000 RTP/AVP 0\r\n", "held"],
    ["c=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r\n", "active"],
    ["c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n", "held"],
  ];
  for (const [body, flow] of table) strictEqual(firstMedia(`v=0\r\n${body}`).flow, flow, body);
});

Deno.test("parseSdp() takes the address from the end of an origin with spaces in the user name", () => {
  const { origin } = session("v=0\r\no=Front Desk 1 2 IN IP6 2001:db8::1\r\n");
  deepStrictEqual(origin, { addressType: "IP6", address: "2001:db8::1" });
});

Deno.test("parseSdp() takes a short origin as none", () => {
  strictEqual(session("v=0\r\no=- 0 0\r\n").origin, undefined);
});

Deno.test("parseSdp() refuses what is no SDP", () => {
  const table: readonly (readonly [string, string])[] = [
    ["", 'Cannot parse SDP: first line is not "v=0"'],
    ["\r\nv=0\r\n", 'Cannot parse SDP: first line is not "v=0"'],
    ["<xml/>", 'Cannot parse SDP: first line is not "v=0"'],
    ["v=1\r\n", 'Cannot parse SDP: first line is not "v=0"'],
    ["v=0\r\nm=audio\r\n", "Cannot parse SDP: line 2 has a media line of less than three fields"],
    ["v=0\r\nm=\r\n", "Cannot parse SDP: line 2 has a media line of less than three fields"],
    ["v=0\r\nm=audio x RTP/AVP 0", "Cannot parse SDP: line 2 has no usable media port"],
    ["v=0\r\nm=audio 70000 RTP/AVP 0", "Cannot parse SDP: line 2 has no usable media port"],
    ["v=0\r\nm=audio 4000/x RTP/AVP 0", "Cannot parse SDP: line 2 has no usable media port"],
    ["v=0\r\nm=audio -1 RTP/AVP 0", "Cannot parse SDP: line 2 has no usable media port"],
    ["v=0\r\nc=IN IP4\r\n", "Cannot parse SDP: line 2 has a connection of less than three fields"],
  ];
  for (const [body, expected] of table) strictEqual(problem(body), expected, body);
});

Deno.test("parseSdp() holds the limits of R5", () => {
  const media = "m=audio 4000 RTP/AVP 0\r\n";
  const attribute = "a=x\r\n";
  const inside = `v=0\r\n${media.repeat(MAX_MEDIA_LINES)}${attribute.repeat(MAX_ATTRIBUTES)}`;
  strictEqual(session(inside).media.length, MAX_MEDIA_LINES);
  strictEqual(problem(inside + media), "Cannot parse SDP: line 290 exceeds 32 media lines");
  strictEqual(problem(inside + attribute), "Cannot parse SDP: line 290 exceeds 256 attributes");
});

Deno.test("parseSdp() never throws on broken input", () => {
  for (let length = 0; length <= OFFER.length; length++) {
    const cut = parseSdp(OFFER.slice(0, length));
    strictEqual(typeof cut.ok, "boolean");
    const swapped = `${OFFER.slice(0, length)}\x00${OFFER.slice(length + 1)}`;
    strictEqual(typeof parseSdp(swapped).ok, "boolean");
  }
});

Deno.test("parseSdp() takes 64 KiB of the worst in linear time", () => {
  const worst = `v=0\r\n${"=\n".repeat(16_000)}m=${" ".repeat(32_000)}`;
  strictEqual(problem(worst).startsWith("Cannot parse SDP: line 16002"), true);
});

Deno.test("parseRtcp() reads port and address", () => {
  deepStrictEqual(parseRtcp("53020"), { port: 53020, address: undefined });
  deepStrictEqual(parseRtcp("53020 IN IP6 2001:db8::2"), {
    port: 53020,
    address: { addressType: "IP6", address: "2001:db8::2" },
  });
  for (const text of ["", "x", "70000", "-1 IN IP4 1.2.3.4"]) {
    strictEqual(parseRtcp(text), undefined);
  }
});

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { type AnnouncedAddress, type MediaPlanLine, planMedia } from "./media_plan.ts";
import { parseSdp } from "./parse_sdp.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function at(text: string, port: number): AnnouncedAddress {
  return { text, address: address(text), port };
}

function plan(body: string): readonly MediaPlanLine[] | string {
  const session = parseSdp(`v=0\r\n${body}`);
  if (!session.ok) throw new Error(session.error);
  const result = planMedia(session.value);
  return result.ok ? result.value : result.error;
}

Deno.test("planMedia() lists every media line with a port", () => {
  const body = "c=IN IP4 10.0.0.10\r\n" +
    "m=audio 4000 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n" +
    "m=image 4004 udptl t38\r\nc=IN IP4 10.0.0.11\r\na=sendonly\r\n";
  deepStrictEqual(plan(body), [
    {
      index: 0,
      payload: "rtp",
      rtp: at("10.0.0.10", 4000),
      rtcp: at("10.0.0.10", 4001),
      flow: "active",
    },
    {
      index: 2,
      payload: "other",
      rtp: at("10.0.0.11", 4004),
      rtcp: at("10.0.0.11", 4005),
      flow: "held",
    },
  ]);
});

Deno.test("planMedia() tells RTP from other payloads by the profile", () => {
  const table: readonly (readonly [string, MediaPlanLine["payload"]])[] = [
    ["RTP/AVP", "rtp"],
    ["rtp/avp", "rtp"],
    ["RTP/SAVP", "rtp"],
    ["RTP/AVPF", "rtp"],
    ["UDP/TLS/RTP/SAVPF", "rtp"],
    ["udptl", "other"],
    ["UDPTL", "other"],
    ["TCP/BFCP", "other"],
    ["UDP/DTLS/SCTP", "other"],
    ["TCP/MSRP", "other"],
    ["XRTP", "other"],
  ];
  for (const [protocol, payload] of table) {
    const lines = plan(`c=IN IP4 10.0.0.10\r\nm=audio 4000 ${protocol} 0\r\n`);
    if (typeof lines === "string") throw new Error(lines);
    strictEqual(lines[0]?.payload, payload, protocol);
  }
});

Deno.test("planMedia() finds where RTCP goes", () => {
  const table: readonly (readonly [string, AnnouncedAddress])[] = [
    ["m=audio 4000 RTP/AVP 0", at("10.0.0.10", 4001)],
    ["m=audio 65535 RTP/AVP 0", at("10.0.0.10", 65535)],
    ["m=audio 4000 RTP/AVP 0\r\na=rtcp:5000", at("10.0.0.10", 5000)],
    ["m=audio 4000 RTP/AVP 0\r\na=rtcp:4000", at("10.0.0.10", 4000)],
    ["m=audio 4000 RTP/AVP 0\r\na=rtcp:0", at("10.0.0.10", 4001)],
    ["m=audio 4000 RTP/AVP 0\r\na=rtcp:5000 IN IP4 10.9.9.9", at("10.9.9.9", 5000)],
  ];
  for (const [media, rtcp] of table) {
    const lines = plan(`c=IN IP4 10.0.0.10\r\n${media}\r\n`);
    if (typeof lines === "string") throw new Error(lines);
    deepStrictEqual(lines[0]?.rtcp, rtcp, media);
  }
});

Deno.test("planMedia() gives no address for what is no literal", () => {
  for (const text of ["phone.example.net", "010.0.0.1", "10.0.0", "0x0a000001"]) {
    const lines = plan(`c=IN IP4 ${text}\r\nm=audio 4000 RTP/AVP 0\r\n`);
    if (typeof lines === "string") throw new Error(lines);
    deepStrictEqual(lines[0]?.rtp, { text, address: undefined, port: 4000 });
  }
});

Deno.test("planMedia() leaves a body untouched that lacks an address", () => {
  strictEqual(
    plan("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r\nm=video 4002 RTP/AVP 96\r\n"),
    "Cannot relay media 1: neither it nor the session has a c= line",
  );
});

Deno.test("planMedia() needs no address for a line that is switched off: many answers give it none", () => {
  deepStrictEqual(plan("m=audio 0 RTP/AVP 0\r\n"), []);
  const lines = plan(
    "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r\nm=video 0 RTP/AVP 31\r\n",
  );
  if (typeof lines === "string") throw new Error(lines);
  deepStrictEqual(lines.map(({ index, rtp }) => [index, rtp.text]), [[0, "10.0.0.1"]]);
});

Deno.test("planMedia() finds nothing to relay without media lines", () => {
  deepStrictEqual(plan("s=-\r\n"), []);
});

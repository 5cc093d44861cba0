/** Rows 30–35 and 37 of the behaviour matrix: bodies, on the main stage. */

import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import { answer, bodyOf, header } from "../support/sip_text.ts";
import { type Call, callOut, hangUp, outgoingInvite, reInvite, sendInDialog } from "./call.ts";
import { mediaPort, sdp, sdpLines, unique } from "./message.ts";
import type { Received } from "./peer.ts";
import { row } from "./row.ts";
import { AT, RTP_PORTS, type Stage } from "./stage.ts";

function inRange(port: number): boolean {
  return port >= RTP_PORTS.low && port <= RTP_PORTS.high && port % 2 === 0;
}

/** Sends an INVITE with a body and returns what R gets; the call is then refused by R. */
async function bodyAtR(
  stage: Stage,
  plan: {
    readonly body: string;
    readonly contentType?: string;
    readonly extra?: readonly string[];
  },
): Promise<Received> {
  const callId = unique("body-");
  await stage.a.send(outgoingInvite(stage, { callId, ...plan }), stage.inside);
  const atR = await stage.r.expect({ callId, method: "INVITE" });
  await stage.r.send(answer(atR.text, "488 Not Acceptable Here", { tag: "no" }), atR.from);
  await stage.a.expect({ callId, status: 488 });
  assert.equal(Number(header(atR.text, "Content-Length")), bodyOf(atR.text).length);
  return atR;
}

async function hold(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  const { atR } = await reInvite(call, {
    cseq: 2,
    body: sdp({ ...placeOf(call), version: 2, connection: "0.0.0.0", attributes: ["a=sendonly"] }),
    answerBody: sdp(call.mediaR),
  });
  const body = bodyOf(atR.text);
  assert.deepEqual(sdpLines(body, "c"), ["c=IN IP4 0.0.0.0"]);
  assert.deepEqual(sdpLines(body, "o"), ["o=- 4711 2 IN IP4 192.0.2.1"]);
  assert.equal(mediaPort(body), call.outer.port);
  assert.match(body, /\r\na=sendonly\r\n/);
  await hangUp(call);
}

function placeOf(call: Call): { readonly address: string; readonly port: number } {
  return { address: call.mediaA.address, port: call.mediaA.port };
}

async function severalStreams(stage: Stage): Promise<void> {
  const body = [
    "v=0",
    "o=- 1 1 IN IP4 10.0.0.10",
    "s=-",
    "c=IN IP4 10.0.0.10",
    "t=0 0",
    "m=video 0 RTP/AVP 31",
    "m=audio 20000 RTP/AVP 8",
    "c=IN IP4 0.0.0.0",
    "m=application 20002 TCP/BFCP *",
    "",
  ].join("\r\n");
  const lines = bodyOf((await bodyAtR(stage, { body })).text);
  const media = sdpLines(lines, "m");
  assert.equal(media[0], "m=video 0 RTP/AVP 31");
  assert.match(media[1] ?? "", /^m=audio \d+ RTP\/AVP 8$/);
  assert.match(media[2] ?? "", /^m=application \d+ TCP\/BFCP \*$/);
  assert.ok(inRange(mediaPort(lines, 1)), media[1]);
  assert.ok(inRange(mediaPort(lines, 2)), media[2]);
  assert.notEqual(mediaPort(lines, 1), mediaPort(lines, 2));
  assert.deepEqual(sdpLines(lines, "c"), ["c=IN IP4 192.0.2.1", "c=IN IP4 0.0.0.0"]);
}

async function iceAndRtcp(stage: Stage): Promise<void> {
  const attributes = [
    "a=rtcp:20001 IN IP4 10.0.0.10",
    "a=ice-ufrag:abcd",
    "a=ice-pwd:0123456789012345678901",
    "a=candidate:1 1 UDP 2130706431 10.0.0.10 20000 typ host",
    "a=rtcp-mux",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc",
    "a=x-unknown:kept",
  ];
  const body = sdp({ address: AT.a, port: 20000, attributes });
  const atR = bodyOf((await bodyAtR(stage, { body })).text);
  assert.doesNotMatch(atR, /10\.0\.0\.|a=candidate|a=ice-/);
  const rtcp = sdpLines(atR, "a").filter((line) => line.startsWith("a=rtcp:"));
  assert.equal(rtcp.length, 1);
  assert.match(
    rtcp[0] ?? "",
    new RegExp(`^a=rtcp:${mediaPort(atR) + 1}( IN IP4 192\\.0\\.2\\.1)?$`),
  );
  for (const kept of ["a=rtcp-mux", attributes[5], "a=x-unknown:kept"]) {
    assert.ok(atR.includes(`${kept}\r\n`), kept);
  }
}

async function originIp6(stage: Stage): Promise<void> {
  const body = sdp({ address: AT.a, port: 20000 }).replace(
    /^o=.*$/m,
    "o=- 4711 1 IN IP6 fd00::10",
  );
  const atR = bodyOf((await bodyAtR(stage, { body })).text);
  assert.deepEqual(sdpLines(atR, "c"), ["c=IN IP4 192.0.2.1"]);
  assert.ok(inRange(mediaPort(atR)), atR);
  assert.doesNotMatch(atR, /fd00::10|10\.0\.0\.10/);
}

async function multipart(stage: Stage): Promise<void> {
  const other = 'Content-Type: application/isup;version=x\r\n\r\n\tx  10.0.0.10 "odd"  \r\n y';
  const part = `Content-Type: application/sdp\r\n\r\n${sdp({ address: AT.a, port: 20000 })}`;
  const body = `--b1\r\n${part}\r\n--b1\r\n${other}\r\n--b1--\r\n`;
  const contentType = "multipart/mixed;boundary=b1";
  const received = await bodyAtR(stage, { body, contentType });
  const [before, sdpPart = "", otherPart, after, ...more] = bodyOf(received.text).split("--b1");
  assert.equal(header(received.text, "Content-Type"), contentType);
  assert.equal(before, "");
  assert.match(sdpPart, /^\r\nContent-Type: application\/sdp\r\n\r\nv=0\r\n/);
  assert.deepEqual(sdpLines(sdpPart, "c"), ["c=IN IP4 192.0.2.1"]);
  assert.ok(inRange(mediaPort(sdpPart)), sdpPart);
  assert.equal(otherPart, `\r\n${other}\r\n`);
  assert.equal(after, "--\r\n");
  assert.deepEqual(more, []);
}

async function plainText(stage: Stage): Promise<void> {
  const body = "c=IN IP4 10.0.0.10 is just text\r\n";
  const received = await bodyAtR(stage, { body, contentType: "text/plain" });
  assert.equal(bodyOf(received.text), body);
  assert.equal(header(received.text, "Content-Type"), "text/plain");
}

async function otherMethods(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  const body = sdp({ ...placeOf(call), version: 2 });
  for (const [cseq, method] of [[2, "UPDATE"], [3, "PRACK"]] as const) {
    const atR = await sendInDialog(call, { method, cseq, body });
    assert.deepEqual(sdpLines(bodyOf(atR.text), "c"), ["c=IN IP4 192.0.2.1"], method);
    assert.equal(mediaPort(bodyOf(atR.text)), call.outer.port, method);
    await stage.r.send(answer(atR.text, "200 OK"), atR.from);
    await stage.a.expect({ callId: call.callId, method, status: 200 });
  }
  const info = await sendInDialog(call, { method: "INFO", cseq: 4, body });
  assert.equal(bodyOf(info.text), body);
  await stage.r.send(answer(info.text, "200 OK"), info.from);
  await hangUp(call, 5);
  await delayedOffer(stage);
}

/** SDP in ACK: R makes the offer in its 200, A answers in the ACK. */
async function delayedOffer(stage: Stage): Promise<void> {
  const callId = unique("delayed-");
  const from = `<sip:alice@${AT.r}>;tag=${unique("f")}`;
  await stage.a.send(outgoingInvite(stage, { callId, from }), stage.inside);
  const invite = await stage.r.expect({ callId, method: "INVITE" });
  const ok = answer(invite.text, "200 OK", {
    tag: "delayed",
    extra: [`Contact: <sip:remote@${AT.r}:5070>`],
    body: sdp({ address: AT.r, port: 20200 }),
  });
  await stage.r.send(ok, invite.from);
  const atA = await stage.a.expect({ callId, status: 200 });
  assert.deepEqual(sdpLines(bodyOf(atA.text), "c"), ["c=IN IP4 10.0.0.1"]);
  const ack = outgoingInvite(stage, {
    callId,
    from,
    body: sdp({ address: AT.a, port: 20202 }),
  }).replace(/^INVITE /, "ACK ").replace("CSeq: 1 INVITE", "CSeq: 1 ACK")
    .replace(/^To: .*$/m, `To: ${header(atA.text, "To")}`);
  await stage.a.send(ack, stage.inside);
  const atR = await stage.r.expect({ callId, method: "ACK" });
  assert.deepEqual(sdpLines(bodyOf(atR.text), "c"), ["c=IN IP4 192.0.2.1"]);
  assert.ok(inRange(mediaPort(bodyOf(atR.text))), bodyOf(atR.text));
}

/** The rows. */
export const SDP_ROWS: readonly Case<Stage>[] = [
  row(30, "hold with c=0.0.0.0 stays, o= and port are rewritten", hold),
  row(31, "port 0 stays, media c=0.0.0.0 stays, every other stream gets a port", severalStreams),
  row(32, "a=rtcp rewritten, ICE removed, the rest kept", iceAndRtcp),
  row(33, "o= IP6 with c= IP4 is rewritten", originIp6),
  row(34, "SDP inside multipart is rewritten, other parts kept byte for byte", multipart),
  row(35, "a text/plain body passes unchanged", plainText),
  row(37, "SDP in ACK, UPDATE, PRACK is rewritten, in INFO not", otherMethods),
];

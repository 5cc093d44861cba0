/** Rows 39–47, 66 and 67 of the behaviour matrix: who is meant, on the main stage. */

import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import {
  answer,
  bodyOf,
  header,
  headers,
  listed,
  parameter,
  startLine,
  statusOf,
  uriOf,
} from "../support/sip_text.ts";
import { outgoingInvite, REMOTE_URI } from "./call.ts";
import { Media, sendUntilHeard } from "./media.ts";
import { mediaPort, request, sdp, sdpLines, unique } from "./message.ts";
import { Peer, type Received } from "./peer.ts";
import { row } from "./row.ts";
import { AT, contactOf, inviteFromOutside, register, type Stage } from "./stage.ts";

const FOREIGN_ROUTE = "<sip:192.0.2.20;lr>";
const OWN_RECORD_ROUTE = "<sip:siproxd@10.0.0.1:5060;lr>";

/** R calls alice with SDP and a Record-Route of its own; the INVITE as A gets it. */
async function callIn(stage: Stage): Promise<{ readonly callId: string; readonly atA: Received }> {
  const callId = unique("callin-");
  const text = request({
    method: "INVITE",
    uri: `sip:alice@${AT.outbound}`,
    by: stage.r,
    from: `<sip:remote@${AT.r}:5070>;tag=${unique("f")}`,
    to: `<sip:alice@${AT.r}>`,
    callId,
    contact: '"R" <sip:remote@192.0.2.10:5070;x=y>;q=1',
    extra: [`Record-Route: ${FOREIGN_ROUTE}`],
    body: sdp({ address: AT.r, port: 20300 }),
  });
  await stage.r.send(text, stage.outside);
  return { callId, atA: await stage.a.expect({ callId, method: "INVITE" }) };
}

async function refuse(stage: Stage, call: { readonly callId: string; readonly atA: Received }) {
  await stage.a.send(answer(call.atA.text, "486 Busy Here", { tag: "b" }), call.atA.from);
  await stage.r.expect({ callId: call.callId, status: 486 });
}

async function inviteComesIn(stage: Stage): Promise<void> {
  const call = await callIn(stage);
  const { text, from } = call.atA;
  assert.deepEqual(from, { address: AT.inbound, port: 5060 });
  assert.equal(startLine(text), `INVITE ${contactOf("alice", stage.a)} SIP/2.0`);
  const [top = "", second = "", ...more] = listed(text, "Via");
  assert.match(top, /^SIP\/2\.0\/UDP 10\.0\.0\.1:5060;branch=z9hG4bK/);
  assert.match(second, /^SIP\/2\.0\/UDP 192\.0\.2\.10:5070;branch=z9hG4bK/);
  assert.deepEqual(more, []);
  assert.deepEqual(listed(text, "Record-Route"), [OWN_RECORD_ROUTE, FOREIGN_ROUTE]);
  assert.equal(header(text, "Contact"), '"R" <sip:remote@192.0.2.10:5070;x=y>;q=1');
  assert.equal(header(text, "To"), `<sip:alice@${AT.r}>`);
  assert.equal(header(text, "Max-Forwards"), "69");
  assert.deepEqual(sdpLines(bodyOf(text), "c"), ["c=IN IP4 10.0.0.1"]);
  assert.deepEqual(sdpLines(bodyOf(text), "o"), ["o=- 4711 1 IN IP4 10.0.0.1"]);
  await refuse(stage, call);
}

async function refusalGoesOut(stage: Stage): Promise<void> {
  const call = await callIn(stage);
  const reply = answer(call.atA.text, "486 Busy Here", {
    tag: "busy40",
    extra: [`Contact: <sip:odd@${AT.a}:5999>`],
  });
  await stage.a.send(reply, call.atA.from);
  const { text, from } = await stage.r.expect({ callId: call.callId, status: 486 });
  assert.deepEqual(from, { address: AT.outbound, port: 5060 });
  assert.deepEqual(listed(text, "Record-Route"), [FOREIGN_ROUTE]);
  assert.match(uriOf(header(text, "Contact")), /^sip:odd@192\.0\.2\.1(:5060)?$/);
  assert.equal(listed(text, "Via").length, 1);
  assert.equal(parameter(header(text, "To"), "tag"), "busy40");
}

async function unknownCallee(stage: Stage): Promise<void> {
  const attempt = await inviteFromOutside(stage, { uri: `sip:nobody41@${AT.outbound}` });
  const { text } = await stage.r.expect({ callId: attempt.callId });
  assert.equal(startLine(text), "SIP/2.0 404 Not Found");
  assert.match(parameter(header(text, "To"), "tag"), /./);
  assert.deepEqual(headers(text, "Contact"), []);
  assert.deepEqual(
    listed(text, "Via").map((via) => parameter(via, "branch")),
    listed(attempt.request, "Via").map((via) => parameter(via, "branch")),
  );
  for (const name of ["From", "Call-ID", "CSeq"]) {
    assert.equal(header(text, name), header(attempt.request, name), name);
  }
}

/** A message of C, whose address no phone has registered. */
function fromStranger(stage: Stage, method: string, callId: string): string {
  return request({
    method,
    uri: REMOTE_URI,
    by: stage.c,
    from: `<sip:stranger@${AT.r}>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>${method === "ACK" ? ";tag=x" : ""}`,
    callId,
    contact: `<${contactOf("stranger", stage.c)}>`,
  });
}

async function unknownCaller(stage: Stage): Promise<void> {
  const callId = unique("stranger-");
  await stage.c.send(fromStranger(stage, "INVITE", callId), stage.inside);
  const { text } = await stage.c.expect({ callId });
  assert.equal(statusOf(text), 403);
  assert.match(parameter(header(text, "To"), "tag"), /./);
  await stage.r.expectSilence(callId);
}

async function unknownAck(stage: Stage): Promise<void> {
  const callId = unique("stranger-");
  await stage.c.send(fromStranger(stage, "ACK", callId), stage.inside);
  await stage.c.expectSilence(callId);
  await stage.r.expectSilence(callId);
}

async function userOnlyMatch(stage: Stage): Promise<void> {
  const attempt = await inviteFromOutside(stage, {
    uri: `sip:elsewhere@${AT.outbound}`,
    to: "<sip:alice@198.51.100.7>",
  });
  const atA = await stage.a.expect({ callId: attempt.callId, method: "INVITE" });
  assert.equal(startLine(atA.text), `INVITE ${contactOf("alice", stage.a)} SIP/2.0`);
  await refuse(stage, { callId: attempt.callId, atA });
}

async function sameHostIsInside(stage: Stage): Promise<void> {
  const local = new Peer({ address: "127.0.0.1", port: 5068 });
  const callId = unique("local-");
  const text = request({
    method: "INVITE",
    uri: REMOTE_URI,
    by: local,
    from: `<sip:pbx@${AT.r}>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>`,
    callId,
    contact: "<sip:pbx@127.0.0.1:5068>",
  });
  await local.send(text, { address: "127.0.0.1", port: stage.inside.port });
  const atR = await stage.r.expect({ callId, method: "INVITE" });
  assert.deepEqual(atR.from, { address: AT.outbound, port: 5060 });
  assert.doesNotMatch(header(atR.text, "Contact"), /127\.0\.0\.1/);
  await stage.r.send(answer(atR.text, "486 Busy Here", { tag: "b" }), atR.from);
  const back = await local.expect({ callId, status: 486 });
  assert.equal(listed(back.text, "Via").length, 1);
  local.close();
}

async function responseByVia(stage: Stage): Promise<void> {
  const callId = unique("via-");
  const text = request({
    method: "OPTIONS",
    uri: REMOTE_URI,
    by: stage.a,
    from: `<sip:nobody46@198.51.100.9>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>`,
    callId,
  });
  await stage.a.send(text, stage.inside);
  const atR = await stage.r.expect({ callId, method: "OPTIONS" });
  await stage.r.send(answer(atR.text, "200 OK", { tag: "o" }), atR.from);
  const atA = await stage.a.expect({ callId, status: 200 });
  assert.equal(listed(atA.text, "Via").length, 1);
}

async function foreignTopVia(stage: Stage): Promise<void> {
  const callId = unique("notours-");
  const reply = [
    "SIP/2.0 200 OK",
    `Via: SIP/2.0/UDP 192.0.2.99:5060;branch=${unique("z9hG4bK")}`,
    `Via: SIP/2.0/UDP ${AT.a}:5062;branch=${unique("z9hG4bK")}`,
    `From: <sip:alice@${AT.r}>;tag=1`,
    `To: <${REMOTE_URI}>;tag=2`,
    `Call-ID: ${callId}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  await stage.r.send(reply, stage.outside);
  await stage.a.expectSilence(callId);
  await stage.r.expectSilence(callId);
}

async function localToLocal(stage: Stage): Promise<void> {
  await register(stage, { user: "bob", phone: stage.b });
  const callId = unique("inside-");
  const [mediaA, mediaB] = [new Media(AT.a), new Media(AT.b)];
  const invite = outgoingInvite(stage, { callId, body: sdp(mediaA) })
    .replace(`INVITE ${REMOTE_URI}`, `INVITE sip:bob@${AT.outbound}`)
    .replace(/^To: .*$/m, `To: <sip:bob@${AT.outbound}>`);
  await stage.a.send(invite, stage.inside);
  const atB = await stage.b.expect({ callId, method: "INVITE" });
  assert.equal(startLine(atB.text), `INVITE ${contactOf("bob", stage.b)} SIP/2.0`);
  assert.equal(listed(atB.text, "Via").length, 3);
  assert.equal(header(atB.text, "Max-Forwards"), "68");
  assert.deepEqual(sdpLines(bodyOf(atB.text), "c"), ["c=IN IP4 10.0.0.1"]);
  const ok = answer(atB.text, "200 OK", {
    tag: "bob",
    extra: [`Contact: <${contactOf("bob", stage.b)}>`],
    body: sdp(mediaB),
  });
  await stage.b.send(ok, atB.from);
  const atA = await stage.a.expect({ callId, status: 200 });
  assert.deepEqual(sdpLines(bodyOf(atA.text), "c"), ["c=IN IP4 10.0.0.1"]);
  const [forA, forB] = [atA, atB].map((one) => ({
    address: AT.inbound,
    port: mediaPort(bodyOf(one.text)),
  }));
  if (forA === undefined || forB === undefined) throw new Error("two ports expected");
  await sendUntilHeard("r66-ab", { from: mediaA, via: forA, to: mediaB });
  await sendUntilHeard("r66-ba", { from: mediaB, via: forB, to: mediaA });
  mediaA.close();
  mediaB.close();
}

async function redirectPasses(stage: Stage): Promise<void> {
  const call = await callIn(stage);
  const foreign = "<sip:other@198.51.100.7:5090;x=1>;q=0.5";
  const reply = answer(call.atA.text, "302 Moved Temporarily", {
    tag: "moved",
    extra: [`Contact: ${foreign}`],
  });
  await stage.a.send(reply, call.atA.from);
  const atR = await stage.r.expect({ callId: call.callId, status: 302 });
  assert.equal(header(atR.text, "Contact"), foreign);
}

/** The rows. */
export const DIRECTION_ROWS: readonly Case<Stage>[] = [
  row(39, "INVITE comes in: true Request-URI, own Via and Record-Route, inner SDP", inviteComesIn),
  row(40, "486 goes out: own Record-Route removed, odd Contact hidden", refusalGoesOut),
  row(41, "an unknown callee gets 404 with a To tag", unknownCallee),
  row(42, "INVITE of an unregistered host gets 403", unknownCaller),
  row(43, "ACK of an unregistered host gets nothing", unknownAck),
  row(44, "a foreign To host is delivered by the user part", userOnlyMatch),
  row(45, "a PBX on the same host counts as inside", sameHostIsInside),
  row(46, "a response goes where its Via says, whatever its From", responseByVia),
  row(47, "a response whose topmost Via is not ours is dropped", foreignTopVia),
  row(66, "two phones of the LAN: three Vias, audio both ways", localToLocal),
  row(67, "a 302 to a foreign host passes unchanged", redirectPasses),
];

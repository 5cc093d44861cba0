/** Rows 21–29 of the behaviour matrix: a call and its media, on the main stage. */

import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import { sleep } from "../support/command.ts";
import { answer, bodyOf, header, listed, parameter, uriOf } from "../support/sip_text.ts";
import {
  type Call,
  callOut,
  hangUp,
  outgoingInvite,
  reInvite,
  REMOTE_URI,
  sendInDialog,
} from "./call.ts";
import { Media, sendUntilHeard } from "./media.ts";
import { mediaPort, request, sdp, sdpLines, unique } from "./message.ts";
import { row } from "./row.ts";
import { AT, RTP_PORTS, type Stage } from "./stage.ts";

const FOREIGN_ROUTE = "<sip:192.0.2.20;lr>";
const OWN_RECORD_ROUTE = "<sip:siproxd@10.0.0.1:5060;lr>";
/** Time for the daemon to act on a message that it has just forwarded. */
const SETTLE_MS = 100;

function assertRelayPort(port: number): void {
  assert.ok(port >= RTP_PORTS.low && port <= RTP_PORTS.high && port % 2 === 0, `port ${port}`);
}

async function hear(call: Call, text: string): Promise<void> {
  await sendUntilHeard(`${text}-in`, { from: call.mediaR, via: call.outer, to: call.mediaA });
  await sendUntilHeard(`${text}-out`, { from: call.mediaA, via: call.inner, to: call.mediaR });
}

async function assertDeaf(call: Call, text: string): Promise<void> {
  await call.mediaA.sendRtp(`${text}-a`, call.inner);
  await call.mediaR.sendRtp(`${text}-r`, call.outer);
  await call.mediaR.expectNone(`${text}-a`);
  await call.mediaA.expectNone(`${text}-r`);
}

async function inviteGoesOut(stage: Stage): Promise<void> {
  const contact = `<sip:alice@${AT.a}:5062;line=abc>;+x="1"`;
  const call = await callOut(stage, { contact });
  const text = call.inviteAtR.text;
  assert.deepEqual(call.inviteAtR.from, { address: AT.outbound, port: 5060 });
  assert.equal(listed(text, "Via").length, 2);
  assert.equal(header(text, "Contact"), '<sip:alice@192.0.2.1>;+x="1"');
  assert.deepEqual(sdpLines(bodyOf(text), "c"), ["c=IN IP4 192.0.2.1"]);
  assert.deepEqual(sdpLines(bodyOf(text), "o"), ["o=- 4711 1 IN IP4 192.0.2.1"]);
  assertRelayPort(mediaPort(bodyOf(text)));
  assert.doesNotMatch(bodyOf(text), /10\.0\.0\./);
  assert.equal(Number(header(text, "Content-Length")), bodyOf(text).length);
  await hangUp(call);
}

async function answerComesBack(stage: Stage): Promise<void> {
  const call = await callOut(stage, { extraAnswer: [`Record-Route: ${FOREIGN_ROUTE}`] });
  const text = call.answerAtA.text;
  assert.deepEqual(sdpLines(bodyOf(text), "c"), ["c=IN IP4 10.0.0.1"]);
  assert.deepEqual(sdpLines(bodyOf(text), "o"), ["o=- 4711 1 IN IP4 10.0.0.1"]);
  assertRelayPort(mediaPort(bodyOf(text)));
  assert.deepEqual(listed(text, "Record-Route"), [FOREIGN_ROUTE, OWN_RECORD_ROUTE]);
  assert.equal(uriOf(header(text, "Contact")), REMOTE_URI);
  assert.equal(Number(header(text, "Content-Length")), bodyOf(text).length);
  await hangUp(call);
}

async function rtpLeavesFromAnnouncedPort(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  const out = await sendUntilHeard("r23-out", {
    from: call.mediaA,
    via: call.inner,
    to: call.mediaR,
  });
  assert.deepEqual(out.from, { address: AT.outbound, port: call.outer.port });
  const back = await sendUntilHeard("r23-in", {
    from: call.mediaR,
    via: call.outer,
    to: call.mediaA,
  });
  assert.deepEqual(back.from, { address: AT.inbound, port: call.inner.port });
  await hangUp(call);
}

async function strangersAreDropped(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  await hear(call, "r24");
  const stranger = new Media(AT.p);
  const sameHost = new Media(AT.r);
  for (const [name, who] of [["stranger", stranger], ["other-port", sameHost]] as const) {
    await who.sendRtp(`r24-${name}`, call.outer);
    await call.mediaA.expectNone(`r24-${name}`);
    // Nor is the call's own audio turned towards it.
    await sendUntilHeard(`r24-after-${name}`, {
      from: call.mediaA,
      via: call.inner,
      to: call.mediaR,
    });
    assert.ok(!who.has(`r24-after-${name}`), "media went to a stranger");
    who.close();
  }
  await hangUp(call);
}

async function rtcpGoesBesides(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  await hear(call, "r25");
  await call.mediaA.sendRtcp("r25-rtcp", { address: AT.inbound, port: call.inner.port + 1 });
  const out = await call.mediaR.expect("r25-rtcp");
  assert.deepEqual(out.from, { address: AT.outbound, port: call.outer.port + 1 });
  await call.mediaR.sendRtcp("r25-back", { address: AT.outbound, port: call.outer.port + 1 });
  const back = await call.mediaA.expect("r25-back");
  assert.deepEqual(back.from, { address: AT.inbound, port: call.inner.port + 1 });
  await hangUp(call);
}

async function byeEndsMedia(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  await hear(call, "r26");
  const bye = await sendInDialog(call, { method: "BYE", cseq: 2 });
  // A BYE may still be challenged: media goes on until it is answered.
  await hear(call, "r26-after-bye");
  await stage.r.send(answer(bye.text, "200 OK"), bye.from);
  await stage.a.expect({ callId: call.callId, method: "BYE", status: 200 });
  await sleep(SETTLE_MS);
  await assertDeaf(call, "r26-late");
  call.mediaA.close();
  call.mediaR.close();
}

async function cancelMatches(stage: Stage): Promise<void> {
  const call = await callOut(stage, { answer: "183 Session Progress" });
  await hear(call, "r27");
  await stage.a.send(
    request({
      method: "CANCEL",
      uri: REMOTE_URI,
      by: stage.a,
      from: call.from,
      to: `<${REMOTE_URI}>`,
      callId: call.callId,
      branch: call.branch,
    }),
    stage.inside,
  );
  const cancel = await stage.r.expect({ callId: call.callId, method: "CANCEL" });
  assert.equal(listed(cancel.text, "Via")[0], listed(call.inviteAtR.text, "Via")[0]);
  await stage.r.send(answer(cancel.text, "200 OK"), cancel.from);
  await stage.a.expect({ callId: call.callId, method: "CANCEL", status: 200 });
  // The CANCEL may have crossed a 200: it alone stops nothing.
  await hear(call, "r27-after-cancel");
  const tag = parameter(call.to, "tag");
  await stage.r.send(
    answer(call.inviteAtR.text, "487 Request Terminated", { tag }),
    call.inviteAtR.from,
  );
  await stage.a.expect({ callId: call.callId, method: "INVITE", status: 487 });
  const ack = { method: "ACK", cseq: 1, branch: call.branch };
  const atR = await sendInDialog(call, ack);
  assert.equal(
    parameter(listed(atR.text, "Via")[0] ?? "", "branch"),
    parameter(listed(call.inviteAtR.text, "Via")[0] ?? "", "branch"),
  );
  await sleep(SETTLE_MS);
  await assertDeaf(call, "r27-late");
  call.mediaA.close();
  call.mediaR.close();
}

async function reInviteMovesMedia(stage: Stage): Promise<void> {
  const call = await callOut(stage);
  await hear(call, "r28");
  const moved = new Media(AT.a);
  const { atR, atA } = await reInvite(call, {
    cseq: 2,
    body: sdp({ address: AT.a, port: moved.port, version: 2 }),
    answerBody: sdp(call.mediaR),
  });
  assert.equal(mediaPort(bodyOf(atR.text)), call.outer.port);
  assert.equal(mediaPort(bodyOf(atA.text)), call.inner.port);
  await sendUntilHeard("r28-moved", { from: call.mediaR, via: call.outer, to: moved });
  assert.ok(!call.mediaA.has("r28-moved"), "media still went to the old port");
  await sendUntilHeard("r28-back", { from: moved, via: call.inner, to: call.mediaR });
  moved.close();
  await hangUp(call);
}

async function lateFailureStopsNothing(stage: Stage): Promise<void> {
  const callId = unique("late-");
  const from = `<sip:alice@${AT.r}>;tag=${unique("f")}`;
  const mediaA = new Media(AT.a);
  const mediaR = new Media(AT.r);
  const body = sdp(mediaA);
  await stage.a.send(outgoingInvite(stage, { callId, from, body, cseq: 1 }), stage.inside);
  const first = await stage.r.expect({ callId, method: "INVITE" });
  await stage.a.send(outgoingInvite(stage, { callId, from, body, cseq: 2 }), stage.inside);
  const second = await stage.r.expect({ callId, method: "INVITE" });
  assert.equal(header(second.text, "CSeq"), "2 INVITE");
  const ok = answer(second.text, "200 OK", {
    tag: "two",
    extra: [`Contact: <${REMOTE_URI}>`],
    body: sdp(mediaR),
  });
  await stage.r.send(ok, second.from);
  const answerAtA = await stage.a.expect({ callId, status: 200 });
  const late = answer(first.text, "407 Proxy Authentication Required", { tag: "one" });
  await stage.r.send(late, first.from);
  await stage.a.expect({ callId, status: 407 });
  await sleep(SETTLE_MS);
  const outer = { address: AT.outbound, port: mediaPort(bodyOf(second.text)) };
  const inner = { address: AT.inbound, port: mediaPort(bodyOf(answerAtA.text)) };
  await sendUntilHeard("r29-in", { from: mediaR, via: outer, to: mediaA });
  await sendUntilHeard("r29-out", { from: mediaA, via: inner, to: mediaR });
  mediaA.close();
  mediaR.close();
}

/** The rows. */
export const CALL_ROWS: readonly Case<Stage>[] = [
  row(21, "INVITE goes out masqueraded, SDP points at the relay", inviteGoesOut),
  row(22, "the 200 comes back with inner SDP, own Record-Route last", answerComesBack),
  row(23, "RTP leaves from the port that was announced, both ways", rtpLeavesFromAnnouncedPort),
  row(24, "a stranger's RTP is dropped", strangersAreDropped),
  row(25, "RTCP goes by the port above, both ways", rtcpGoesBesides),
  row(26, "media ends with BYE's final answer", byeEndsMedia),
  row(27, "CANCEL and ACK carry the INVITE's branch; media ends with the 487", cancelMatches),
  row(28, "re-INVITE keeps the relay's port and turns to the new one", reInviteMovesMedia),
  row(29, "a late 407 to an older INVITE stops nothing", lateFailureStopsNothing),
];

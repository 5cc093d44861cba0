/** Rows 48–50, 57, 59 and 60 of the behaviour matrix: what is checked first, on the main stage. */

import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import {
  answer,
  header,
  headerLines,
  headers,
  listed,
  parameter,
  startLine,
  statusOf,
  uriOf,
} from "../support/sip_text.ts";
import { outgoingInvite, REMOTE_URI } from "./call.ts";
import { type Draft, request, unique } from "./message.ts";
import { Peer } from "./peer.ts";
import { row } from "./row.ts";
import { AT, contactOf, type Stage } from "./stage.ts";

/** An OPTIONS of A to R with the differences that a row is about. */
function options(
  stage: Stage,
  callId: string,
  change: Partial<Pick<Draft, "method" | "uri" | "to" | "maxForwards" | "lowerVias" | "extra">> =
    {},
): string {
  return request({
    method: "OPTIONS",
    uri: REMOTE_URI,
    by: stage.a,
    from: `<sip:alice@${AT.r}>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>`,
    callId,
    contact: `<${contactOf("alice", stage.a)}>`,
    ...change,
  });
}

async function maxForwardsZero(stage: Stage): Promise<void> {
  const invite = unique("mf-");
  await stage.a.send(options(stage, invite, { method: "INVITE", maxForwards: "0" }), stage.inside);
  assert.equal(statusOf((await stage.a.expect({ callId: invite })).text), 483);
  await stage.r.expectSilence(invite);
  const asked = unique("mf-");
  await stage.a.send(options(stage, asked, { maxForwards: "0" }), stage.inside);
  const { text } = await stage.a.expect({ callId: asked });
  assert.equal(statusOf(text), 200);
  assert.deepEqual(headers(text, "Contact"), []);
  assert.match(parameter(header(text, "To"), "tag"), /./);
  await stage.r.expectSilence(asked);
}

async function maxForwardsOdd(stage: Stage): Promise<void> {
  for (const [maxForwards, expected] of [["none", "70"], ["-3", "69"]] as const) {
    const callId = unique("mf-");
    await stage.a.send(options(stage, callId, { maxForwards }), stage.inside);
    const atR = await stage.r.expect({ callId, method: "OPTIONS" });
    assert.equal(header(atR.text, "Max-Forwards"), expected, maxForwards);
  }
}

async function loops(stage: Stage): Promise<void> {
  const own = (): string => `SIP/2.0/UDP ${AT.outbound}:5060;branch=${unique("z9hG4bK")}`;
  const two = unique("loop-");
  await stage.a.send(options(stage, two, { lowerVias: [own(), own()] }), stage.inside);
  await stage.r.expect({ callId: two, method: "OPTIONS" });
  const three = unique("loop-");
  await stage.a.send(options(stage, three, { lowerVias: [own(), own(), own()] }), stage.inside);
  assert.equal(statusOf((await stage.a.expect({ callId: three })).text), 482);
  await stage.r.expectSilence(three);
}

/** Sends an OPTIONS of A from another socket of A's host and answers it at R. */
async function answeredFromOtherPort(
  stage: Stage,
  plan: { readonly sender: Peer; readonly viaParameters: string },
): Promise<string> {
  const callId = unique("rport-");
  const text = request({
    method: "OPTIONS",
    uri: REMOTE_URI,
    by: stage.a,
    viaParameters: plan.viaParameters,
    from: `<sip:alice@${AT.r}>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>`,
    callId,
  });
  await plan.sender.send(text, stage.inside);
  const atR = await stage.r.expect({ callId, method: "OPTIONS" });
  await stage.r.send(answer(atR.text, "200 OK", { tag: "o" }), atR.from);
  return callId;
}

async function sourcePort(stage: Stage): Promise<void> {
  const sender = new Peer({ address: AT.a, port: 5072 });
  const asked = await answeredFromOtherPort(stage, { sender, viaParameters: ";rport" });
  const { text } = await sender.expect({ callId: asked, status: 200 });
  assert.equal(parameter(header(text, "Via"), "rport"), "5072");
  // Without rport the sent-by port stays the place, RFC 3261 §18.2.2.
  const plain = await answeredFromOtherPort(stage, { sender, viaParameters: "" });
  await stage.a.expect({ callId: plain, status: 200 });
  sender.close();
}

/** What a broken message may be answered with; 0 is no answer. */
interface Broken {
  readonly what: string;
  readonly text: (callId: string) => string;
  readonly statuses: readonly number[];
}

async function brokenMessages(stage: Stage): Promise<void> {
  const broken: readonly Broken[] = [
    {
      what: "sips: Request-URI",
      text: (callId) => options(stage, callId, { uri: `sips:remote@${AT.r}:5070` }),
      statuses: [416, 503],
    },
    {
      what: "missing CSeq",
      text: (callId) => options(stage, callId).replace(/^CSeq: .*\r\n/m, ""),
      statuses: [0, 400],
    },
    {
      what: "request line without URI",
      text: (callId) => options(stage, callId).replace(`OPTIONS ${REMOTE_URI}`, "OPTIONS "),
      statuses: [0, 400],
    },
    {
      what: "two blanks in the request line",
      text: (callId) => options(stage, callId).replace("OPTIONS ", "OPTIONS  "),
      statuses: [0, 400],
    },
  ];
  for (const one of broken) {
    const callId = unique("broken-");
    await stage.a.send(one.text(callId), stage.inside);
    const reply = await stage.a.expect({ callId }).catch(() => undefined);
    const status = reply === undefined ? 0 : statusOf(reply.text);
    assert.ok(one.statuses.includes(status), `${one.what}: ${status}`);
    await stage.r.expectSilence(callId);
  }
  stage.r.forget();
  await stage.a.send("\r\n\r\n", stage.inside);
  await stage.a.send("INVITE sip:x", stage.inside);
  await stage.a.expectNothing();
  await stage.r.expectNothing();
  await toleratedMessages(stage);
}

/** What the reference dropped and we let pass: tel: in To, a line of 2100 characters. */
async function toleratedMessages(stage: Stage): Promise<void> {
  const tel = unique("tel-");
  await stage.a.send(options(stage, tel, { to: "<tel:+4930123456>" }), stage.inside);
  const atR = await stage.r.expect({ callId: tel, method: "OPTIONS" });
  assert.equal(header(atR.text, "To"), "<tel:+4930123456>");
  const long = unique("long-");
  const line = `X-Long: ${"x".repeat(2092)}`;
  await stage.a.send(options(stage, long, { extra: [line] }), stage.inside);
  const longAtR = await stage.r.expect({ callId: long, method: "OPTIONS" });
  assert.ok(headerLines(longAtR.text).includes(line), "the long line was changed");
}

async function compactNames(stage: Stage): Promise<void> {
  const callId = unique("compact-");
  const names = {
    Via: "v",
    From: "f",
    To: "t",
    "Call-ID": "i",
    Contact: "m",
    "Content-Length": "l",
  };
  let text = outgoingInvite(stage, { callId, extra: ["k: path", "u: presence", "z: unknown"] });
  for (const [long, short] of Object.entries(names)) {
    text = text.replace(new RegExp(`^${long}:`, "m"), `${short}:`);
  }
  await stage.a.send(text, stage.inside);
  const atR = await stage.r.expect({ callId, method: "INVITE" });
  assert.equal(startLine(atR.text), startLine(text));
  assert.equal(listed(atR.text, "Via").length, 2);
  assert.equal(uriOf(header(atR.text, "Contact")), "sip:alice@192.0.2.1");
  for (const name of ["From", "To"]) assert.equal(header(atR.text, name), header(text, name));
  for (const kept of [/^k: path$/i, /^u: presence$/i, /^z: unknown$/i]) {
    assert.ok(headerLines(atR.text).some((line) => kept.test(line)), String(kept));
  }
  await stage.r.send(answer(atR.text, "486 Busy Here", { tag: "b" }), atR.from);
  await stage.a.expect({ callId, status: 486 });
}

/** The rows. */
export const CHECK_ROWS: readonly Case<Stage>[] = [
  row(48, "Max-Forwards 0: INVITE gets 483, OPTIONS 200 without Contact", maxForwardsZero),
  row(49, "Max-Forwards missing becomes 70, -3 becomes 69", maxForwardsOdd),
  row(50, "two own Vias below the topmost pass, three are a loop", loops),
  row(57, "rport: the response goes to the source port, else to sent-by", sourcePort),
  {
    ...row(59, "broken messages get one 400-class answer or none", brokenMessages),
    timeoutMs: 30_000,
  },
  row(60, "compact header names are understood and kept", compactNames),
];

/** Rows 1–9 of the behaviour matrix: registration, on the main stage. */

import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import { poll } from "../support/command.ts";
import {
  answer,
  header,
  headers,
  listed,
  parameter,
  startLine,
  statusOf,
  uriOf,
} from "../support/sip_text.ts";
import { unique } from "./message.ts";
import { row } from "./row.ts";
import {
  assertReachable,
  AT,
  contactOf,
  register,
  registerRequest,
  type Stage,
  statusForUnreachable,
} from "./stage.ts";

const OWN_RECORD_ROUTE = "<sip:siproxd@10.0.0.1:5060;lr>";
/** What the reference grants a removed entry at most. */
const REMOVAL_TIMEOUT_MS = 15_000;

async function registerGoesOut(stage: Stage): Promise<void> {
  const { sent, atRegistrar } = await register(stage, { user: "r1", phone: stage.a });
  const text = atRegistrar.text;
  assert.deepEqual(atRegistrar.from, { address: AT.outbound, port: 5060 });
  assert.equal(startLine(text), startLine(sent));
  const [top = "", own = "", ...more] = listed(text, "Via");
  assert.match(top, /^SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bK[^;,]+/);
  assert.match(own, /^SIP\/2\.0\/UDP 10\.0\.0\.10:5062;branch=z9hG4bK/);
  assert.equal(parameter(own, "branch"), parameter(header(sent, "Via"), "branch"));
  assert.deepEqual(more, []);
  assert.equal(uriOf(header(text, "Contact")), "sip:r1@192.0.2.1");
  assert.equal(header(text, "Max-Forwards"), "69");
  assert.deepEqual(headers(text, "Record-Route"), []);
  for (const name of ["From", "To", "Call-ID", "CSeq"]) {
    assert.equal(header(text, name), header(sent, name), name);
  }
}

async function registerComesBack(stage: Stage): Promise<void> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const { sent, atPhone } = await register(stage, {
    user: "r2",
    phone: stage.a,
    expiresSeconds: 120,
  });
  assert.equal(statusOf(atPhone.text), 200);
  assert.deepEqual(atPhone.from, { address: AT.inbound, port: 5060 });
  const [via = "", ...more] = listed(atPhone.text, "Via");
  assert.deepEqual(more, []);
  assert.ok(via.startsWith(header(sent, "Via")), via);
  assert.deepEqual(listed(atPhone.text, "Contact"), [`<${contactOf("r2", stage.a)}>;expires=120`]);
  assert.deepEqual(listed(atPhone.text, "Record-Route"), [OWN_RECORD_ROUTE]);
  const expires = await expiryInFile(stage, contactOf("r2", stage.a));
  assert.ok(Math.abs(expires - nowSeconds - 120) <= 5, `file says ${expires - nowSeconds} s`);
}

/** The daemon writes its file at most a second after a change. */
async function expiryInFile(stage: Stage, contact: string): Promise<number> {
  return await poll(async () => {
    const text = await Deno.readTextFile(stage.registrationFile).catch(() => "");
    const lines = text.split("\n");
    const at = lines.indexOf(contact);
    const match = /^\*{4}:1:(\d+)$/.exec(lines[at - 1] ?? "");
    return match === null ? undefined : Number(match[1]);
  }, { what: `${contact} in the registration file`, timeoutMs: 3000 });
}

async function foreignContactPasses(stage: Stage): Promise<void> {
  const foreign = "<sip:r3@198.51.100.77:5066>;expires=60";
  const { atPhone } = await register(stage, { user: "r3", phone: stage.a, extraContact: foreign });
  assert.deepEqual(listed(atPhone.text, "Contact"), [
    `<${contactOf("r3", stage.a)}>;expires=3600`,
    foreign,
  ]);
}

async function challengePasses(stage: Stage): Promise<void> {
  const challenge = 'Digest realm="r", nonce="0123456789abcdef", qop="auth,auth-int"';
  const { atPhone } = await register(stage, {
    user: "r4",
    phone: stage.a,
    answer: "401 Unauthorized",
    extra: [`WWW-Authenticate: ${challenge}`],
  });
  assert.equal(startLine(atPhone.text), "SIP/2.0 401 Unauthorized");
  assert.equal(header(atPhone.text, "WWW-Authenticate"), challenge);
  // A binding that no registrar confirmed takes no calls.
  const status = await statusForUnreachable(stage, { user: "r4", phone: stage.a });
  assert.match(status, /^SIP\/2\.0 (404|480) /);
}

async function refusedChangeKeepsBinding(stage: Stage): Promise<void> {
  await register(stage, { user: "r5", phone: stage.a });
  const { atPhone } = await register(stage, {
    user: "r5",
    phone: stage.a,
    contact: `<sip:r5@${AT.a}:5999>`,
    answer: "403 Forbidden",
  });
  assert.equal(statusOf(atPhone.text), 403);
  const arrived = await assertReachable(stage, { user: "r5", phone: stage.a });
  assert.equal(startLine(arrived.text), `INVITE ${contactOf("r5", stage.a)} SIP/2.0`);
}

async function ownRegistrar(
  stage: Stage,
  plan: { readonly user: string; readonly extra: readonly string[]; readonly contact?: string },
): Promise<string> {
  const callId = unique("own-");
  const text = registerRequest({ phone: stage.a, ...plan }, {
    callId,
    uri: `sip:${AT.inbound}`,
    domain: AT.inbound,
    extra: plan.extra,
  });
  await stage.a.send(text, stage.inside);
  const reply = await stage.a.expect({ callId });
  await stage.r.expectSilence(callId);
  // Exactly one answer.
  await stage.a.expectSilence(callId);
  return reply.text;
}

async function ownRegistrarDefault(stage: Stage): Promise<void> {
  const reply = await ownRegistrar(stage, { user: "r6", extra: [] });
  assert.equal(statusOf(reply), 200);
  assert.deepEqual(listed(reply, "Contact"), [`<${contactOf("r6", stage.a)}>;expires=600`]);
  assert.equal(header(reply, "Expires"), "600");
  assert.match(parameter(header(reply, "To"), "tag"), /./);
  await assertReachable(stage, { user: "r6", phone: stage.a });
}

async function ownRegistrarRemoval(stage: Stage): Promise<void> {
  await ownRegistrar(stage, { user: "r7", extra: [] });
  await assertReachable(stage, { user: "r7", phone: stage.a });
  const reply = await ownRegistrar(stage, { user: "r7", extra: ["Expires: 0"] });
  assert.equal(statusOf(reply), 200);
  assert.deepEqual(listed(reply, "Contact").filter((one) => !one.includes("expires=0")), []);
  await poll(async () => {
    const status = await statusForUnreachable(stage, { user: "r7", phone: stage.a })
      .catch(() => "still delivered");
    return /^SIP\/2\.0 (404|480) /.test(status) ? true : undefined;
  }, { what: "the end of the removed binding", timeoutMs: REMOVAL_TIMEOUT_MS });
}

async function removeAllProxied(stage: Stage): Promise<void> {
  const callId = unique("star-");
  const text = registerRequest({ user: "r8", phone: stage.a, contact: "*" }, {
    callId,
    extra: ["Expires: 0"],
  });
  await stage.a.send(text, stage.inside);
  const atRegistrar = await stage.r.expect({ callId, method: "REGISTER" });
  assert.equal(header(atRegistrar.text, "Contact"), "*");
  assert.equal(header(atRegistrar.text, "Expires"), "0");
  await stage.r.send(answer(atRegistrar.text, "200 OK", { tag: "r" }), atRegistrar.from);
  const reply = await stage.a.expect({ callId });
  assert.equal(statusOf(reply.text), 200);
  await stage.a.expectSilence(callId);
}

async function removeAllOwn(stage: Stage): Promise<void> {
  const reply = await ownRegistrar(stage, { user: "r9", contact: "*", extra: ["Expires: 0"] });
  assert.equal(statusOf(reply), 200);
  assert.deepEqual(listed(reply, "Contact"), []);
}

/** The rows. */
export const REGISTER_ROWS: readonly Case<Stage>[] = [
  row(1, "REGISTER goes out with own Via, masqueraded Contact, no Record-Route", registerGoesOut),
  row(2, "the 200 comes back with the true Contact and its expiry is kept", registerComesBack),
  row(3, "a foreign Contact in the 200 passes unchanged", foreignContactPasses),
  row(4, "a 401 passes; an unconfirmed binding takes no calls", challengePasses),
  row(5, "a refused REGISTER leaves the old binding", refusedChangeKeepsBinding),
  row(6, "own registrar: 200 with default_expires", ownRegistrarDefault),
  {
    ...row(7, "own registrar: expires 0 removes the binding", ownRegistrarRemoval),
    timeoutMs: 30_000,
  },
  row(8, "Contact * of an unknown address of record goes to the registrar", removeAllProxied),
  row(9, "Contact * to the own registrar gets one 200", removeAllOwn),
];

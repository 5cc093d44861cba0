/** Rows of the behaviour matrix that need a configuration of their own: 11, 14, 15, 20, 36, 38, 70, 71. */

import assert from "node:assert/strict";
import { poll } from "../support/command.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { bodyOf, header, headers, startLine, statusOf, uriOf } from "../support/sip_text.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { callOut, hangUp, outgoingInvite } from "./call.ts";
import { sendUntilHeard } from "./media.ts";
import { sdp, sdpLines, unique } from "./message.ts";
import { row } from "./row.ts";
import {
  assertReachable,
  AT,
  closeStage,
  openStage,
  register,
  registerRequest,
  type Stage,
  type StageOptions,
} from "./stage.ts";
import type { Case } from "../support/case.ts";

function suite(options: StageOptions, cases: readonly Case<Stage>[]): Suite {
  return defineSuite<Stage>({
    name: `matrix ${options.name}`,
    setUp: () => openStage(options),
    tearDown: closeStage,
    cases,
  });
}

async function refusedRegistrar(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  const callId = unique("acl-");
  await stage.b.send(registerRequest({ user: "bob", phone: stage.b }, { callId }), stage.inside);
  await stage.b.expectSilence(callId);
  await stage.r.expectSilence(callId);
  assert.match(await stage.proxy.log(), /10\.0\.0\.11/);
}

async function otherPort(stage: Stage): Promise<void> {
  const { atRegistrar, atPhone } = await register(stage, { user: "alice", phone: stage.a });
  assert.deepEqual(atRegistrar.from, { address: AT.outbound, port: 5099 });
  assert.equal(uriOf(header(atRegistrar.text, "Contact")), "sip:alice@192.0.2.1:5099");
  assert.match(header(atRegistrar.text, "Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.1:5099;/);
  assert.equal(statusOf(atPhone.text), 200);
}

async function publicAddress(stage: Stage): Promise<void> {
  const { atRegistrar } = await register(stage, { user: "alice", phone: stage.a });
  assert.equal(uriOf(header(atRegistrar.text, "Contact")), "sip:alice@203.0.113.5");
  const call = await callOut(stage);
  const text = call.inviteAtR.text;
  assert.match(header(text, "Via"), /^SIP\/2\.0\/UDP 203\.0\.113\.5:5060;/);
  assert.equal(uriOf(header(text, "Contact")), "sip:alice@203.0.113.5");
  assert.deepEqual(sdpLines(bodyOf(text), "c"), ["c=IN IP4 203.0.113.5"]);
  assert.deepEqual(sdpLines(bodyOf(text), "o"), ["o=- 4711 1 IN IP4 203.0.113.5"]);
  const heard = await sendUntilHeard("r15", {
    from: call.mediaA,
    via: call.inner,
    to: call.mediaR,
  });
  assert.deepEqual(heard.from, { address: AT.outbound, port: call.outer.port });
  await hangUp(call);
}

async function orderlyRestart(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  assert.equal(await stage.proxy.stop("SIGTERM"), 0);
  const text = await Deno.readTextFile(stage.registrationFile);
  const record = text.split("\n").slice(0, 4).map((line) => line.replace(/:\d{10}$/, ":TIME"));
  assert.deepEqual(record, [
    "****:1:TIME",
    "sip:alice@10.0.0.10:5062",
    "sip:alice@192.0.2.1",
    "sip:alice@192.0.2.10",
  ]);
  await stage.proxy.restart();
  const arrived = await assertReachable(stage, { user: "alice", phone: stage.a });
  assert.equal(startLine(arrived.text), "INVITE sip:alice@10.0.0.10:5062 SIP/2.0");
}

async function poolIsEmpty(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  const first = await callOut(stage);
  assert.equal(first.outer.port, 7170);
  const callId = unique("full-");
  const invite = outgoingInvite(stage, { callId, body: sdp({ address: AT.a, port: 20400 }) });
  await stage.a.send(invite, stage.inside);
  const refused = await stage.a.expect({ callId });
  assert.equal(statusOf(refused.text), 503);
  assert.deepEqual(headers(refused.text, "Retry-After"), []);
  await stage.r.expectSilence(callId);
  assert.match(await stage.proxy.log(), /rtp_port_high|7170/);
  await hangUp(first);
  // The port is free again, at the latest a moment after the call's end.
  const again = await poll(() => callOut(stage).catch(() => undefined), {
    what: "a call after the port was given back",
    timeoutMs: 8000,
  });
  await hangUp(again);
}

async function silentCall(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  const startedMs = Date.now();
  const call = await callOut(stage);
  await poll(async () => {
    const lines = (await stage.proxy.log()).split("\n");
    return lines.some((line) => line.includes(call.callId) && /expire|timeout|time-out/i.test(line))
      ? true
      : undefined;
  }, { what: `a log line about the expiry of ${call.callId}`, timeoutMs: 26_000, intervalMs: 200 });
  const elapsedMs = Date.now() - startedMs;
  assert.ok(elapsedMs >= 5000, `expired after ${elapsedMs} ms`);
  await call.mediaA.sendRtp("r38-late", call.inner);
  await call.mediaR.expectNone("r38-late");
  call.mediaA.close();
  call.mediaR.close();
}

/** A file with everything that people put into one. */
function oddFile(registrationFile: string): string {
  return [
    "# a comment",
    "   # an indented comment",
    "",
    "   if_inbound   =   lan0    # inline comment",
    "if_outbound\t= wan0",
    "sip_listen_port = 0x13eb",
    "daemonize=0",
    "silence_log = 0",
    "no_such_directive = 7",
    "this line has no equals sign",
    "default_expires =",
    "rtp_port_low = 7171",
    "rtp_port_high = 7175",
    "rtp_timeout = 300",
    "ua_string = Two Words",
    `registration_file = ${registrationFile}`,
    "",
  ].join("\r\n");
}

async function oddFileWorks(stage: Stage): Promise<void> {
  const { atRegistrar } = await register(stage, { user: "alice", phone: stage.a });
  assert.deepEqual(atRegistrar.from, { address: AT.outbound, port: 5099 });
  assert.equal(header(atRegistrar.text, "User-Agent"), "Two Words");
  const call = await callOut(stage);
  for (const port of [call.inner.port, call.outer.port]) {
    assert.ok(port === 7172 || port === 7174, `port ${port}`);
  }
  await hangUp(call);
  const log = await stage.proxy.log();
  assert.match(log, /siproxd\.conf:9:\d+: warning: .*no_such_directive/);
  assert.match(log, /siproxd\.conf:10:/);
  assert.match(log, /siproxd\.conf:11:/);
}

async function valueWithKeyInside(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  assert.match(stage.registrationFile, /\/user\//);
  await poll(async () => {
    const text = await Deno.readTextFile(stage.registrationFile).catch(() => "");
    return text.includes("sip:alice@10.0.0.10:5062") ? true : undefined;
  }, { what: `the registration in ${stage.registrationFile}`, timeoutMs: 3000 });
  assert.doesNotMatch(await stage.proxy.log(), /siproxd\.conf:\d+:\d+: (error|warning)/);
}

/** Suites, one for each configuration. */
export async function configurationSuites(): Promise<readonly Suite[]> {
  const userPath = `${await makeDirectory("home/user")}/regs`;
  return [
    suite({ name: "access", directives: { hosts_allow_reg: "10.0.0.10/32" } }, [
      row(
        11,
        "REGISTER from outside hosts_allow_reg gets no answer and a warning",
        refusedRegistrar,
      ),
    ]),
    suite({ name: "port 5099", listenPort: 5099 }, [
      row(14, "Contact and Via carry the listen port", otherPort),
    ]),
    suite({ name: "host_outbound", directives: { host_outbound: "203.0.113.5" } }, [
      row(15, "host_outbound shows in Via, Contact and SDP, media is bound inside", publicAddress),
    ]),
    suite({ name: "restart" }, [
      row(20, "after SIGTERM and start an incoming call reaches the phone", orderlyRestart),
    ]),
    suite({ name: "one port", directives: { rtp_port_low: 7170, rtp_port_high: 7171 } }, [
      row(36, "without a free port the INVITE gets 503 and nothing goes out", poolIsEmpty),
    ]),
    suite({ name: "rtp_timeout", directives: { rtp_timeout: 5 } }, [
      {
        ...row(38, "a call without RTP loses its relay after rtp_timeout", silentCall),
        timeoutMs: 40_000,
      },
    ]),
    suite({ name: "odd file", listenPort: 5099, text: oddFile }, [
      row(70, "blanks, comments, hex, tabs, unknown keys, odd ports, CR LF", oddFileWorks),
    ]),
    suite({ name: "user in a path", registrationFile: userPath }, [
      row(71, "a value that contains a directive's name is accepted", valueWithKeyInside),
    ]),
  ];
}

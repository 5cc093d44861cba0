/** Rows 72–74 of the behaviour matrix: exit codes, signals, an interface that goes down. */

import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { mustRun, poll, sleep } from "../support/command.ts";
import { startProcess } from "../support/process.ts";
import { configurationText, probe, proxyCommand } from "../support/proxy.ts";
import { answer, statusOf } from "../support/sip_text.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { outgoingInvite } from "./call.ts";
import { unique } from "./message.ts";
import { row } from "./row.ts";
import { assertReachable, AT, closeStage, openStage, register, type Stage } from "./stage.ts";

const EXIT_TIMEOUT_MS = 10_000;
/** The reference looks interfaces up every 5 s; so long recovery may take. */
const RECOVERY_TIMEOUT_MS = 6000;
/** One try of a call while the network comes and goes. */
const TRY_TIMEOUT_MS = 500;

/** Starts the daemon with arguments and waits for its end. */
async function exitCode(name: string, args: readonly string[]): Promise<number> {
  const [command = "", ...own] = proxyCommand();
  const process = startProcess({ name, command, args: [...own, ...args] });
  const late = sleep(EXIT_TIMEOUT_MS).then(() => undefined);
  const code = await Promise.race([process.exited, late]);
  if (code === undefined) await process.kill();
  if (code === undefined) throw new Error(`Cannot see the end of "${args.join(" ")}": still runs`);
  // One clear line says why; never a stack trace.
  assert.doesNotMatch(await process.log(), /^\s+at .*:\d+:\d+\)?$/m);
  return code;
}

async function exitCodes(stage: Stage): Promise<void> {
  const directory = await makeDirectory("exit-codes");
  const write = async (name: string, directives: Parameters<typeof configurationText>[0]) => {
    const path = `${directory}/${name}.conf`;
    await Deno.writeTextFile(path, configurationText(directives));
    return path;
  };
  const base = { if_inbound: "lan0", if_outbound: "wan0", daemonize: 0, rtp_port_low: 7070 };
  const busy = await write("busy", { ...base, sip_listen_port: stage.inside.port });
  const wrong = await write("wrong", { ...base, sip_listen_port: 5098, rtp_proxy_enable: 2 });
  assert.equal(await exitCode("no-file", ["-c", `${directory}/absent.conf`]), 78);
  assert.equal(await exitCode("busy-port", ["-c", busy]), 1);
  assert.equal(await exitCode("bad-value", ["-c", wrong]), 78);
  assert.equal(await exitCode("help", ["-h"]), 0);
  assert.equal(await exitCode("bad-option", ["--no-such-option"]), 2);
  assert.ok(stage.proxy.process.running, "the first daemon was disturbed");
}

async function signals(stage: Stage): Promise<void> {
  const where = { address: AT.inbound, port: stage.inside.port };
  const directory = stage.registrationFile.replace(/\/[^/]*$/, "");
  await register(stage, { user: "alice", phone: stage.a });
  for (const signal of ["SIGHUP", "SIGPIPE", "SIGUSR1", "SIGUSR2"] as const) {
    stage.proxy.process.signal(signal);
    await sleep(300);
    assert.ok(stage.proxy.process.running, `${signal} ended the daemon`);
    await poll(async () => await probe(where) ? true : undefined, {
      what: `an answer after ${signal}`,
      timeoutMs: 3000,
    });
  }
  await assertReachable(stage, { user: "alice", phone: stage.a });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const pid = (await Deno.readTextFile(`${directory}/pid`)).trim();
    assert.equal(pid, String(stage.proxy.process.pid), "pid file");
    assert.equal(await stage.proxy.stop(signal), 0, signal);
    const saved = await Deno.readTextFile(stage.registrationFile);
    assert.ok(saved.includes("sip:alice@10.0.0.10:5062"), `${signal} lost the registration`);
    await assert.rejects(Deno.stat(`${directory}/pid`), Deno.errors.NotFound);
    await stage.proxy.restart();
  }
}

/** An INVITE of A: the status that comes back, or 200 after R has answered it. */
async function tryCall(stage: Stage): Promise<number> {
  const callId = unique("down-");
  await stage.a.send(outgoingInvite(stage, { callId }), stage.inside);
  const atR = stage.r.expect({ callId, method: "INVITE" }, TRY_TIMEOUT_MS).then(async (invite) => {
    await stage.r.send(answer(invite.text, "200 OK", { tag: "up" }), invite.from);
  }).catch(() => undefined);
  const reply = await stage.a.expect({ callId }, TRY_TIMEOUT_MS).catch(() => undefined);
  await atR;
  return reply === undefined ? 0 : statusOf(reply.text);
}

/** What PPP does when the line drops; a link that goes down is in cases/outage.ts. */
async function addressGone(stage: Stage): Promise<void> {
  await register(stage, { user: "alice", phone: stage.a });
  assert.equal(await tryCall(stage), 200);
  await mustRun("ip", ["addr", "del", "192.0.2.1/24", "dev", "wan0"]);
  try {
    await poll(async () => await tryCall(stage) === 503 ? true : undefined, {
      what: "503 while the outbound side has no address",
      timeoutMs: RECOVERY_TIMEOUT_MS,
    });
  } finally {
    await mustRun("ip", ["addr", "add", "192.0.2.1/24", "dev", "wan0"]);
  }
  await poll(async () => await tryCall(stage) === 200 ? true : undefined, {
    what: "a call after the address came back",
    timeoutMs: RECOVERY_TIMEOUT_MS,
  });
}

function suite(name: string, one: Case<Stage>): Suite {
  return defineSuite<Stage>({
    name: `matrix ${name}`,
    setUp: () => openStage({ name }),
    tearDown: closeStage,
    cases: [one],
  });
}

/** The process rows, each with a daemon of its own: they end it or take its network away. */
export const PROCESS_SUITES: readonly Suite[] = [
  suite("exit codes", { ...row(72, "exit codes 78, 1, 78, 0, 2", exitCodes), timeoutMs: 60_000 }),
  suite("signals", {
    ...row(73, "signals: statistics and reload go on, the end keeps the files", signals),
    timeoutMs: 60_000,
  }),
  suite("address gone", {
    ...row(74, "outbound address gone: 503; back within 5 s", addressGone),
    timeoutMs: 40_000,
  }),
];

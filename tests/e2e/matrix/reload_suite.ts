/**
 * SIGHUP under live calls: good and bad files in turn cost no packet, no registration and no call.
 *
 * The same calls talk for as long without a reload, so that what the machine loses by itself is known.
 *
 * @module
 */
import assert from "node:assert/strict";
import { poll, sleep } from "../support/command.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { answer, bodyOf, header, headers, uriOf } from "../support/sip_text.ts";
import { REMOTE_URI } from "./call.ts";
import { mediaPort, request, sdp, unique } from "./message.ts";
import { NumberedLeg, talkWhile, type Tally } from "./numbered_media.ts";
import { Peer } from "./peer.ts";
import {
  assertReachable,
  AT,
  closeStage,
  contactOf,
  openStage,
  register,
  type Stage,
} from "./stage.ts";

const CALLS = 50;
const RELOADS = 20;

/** Time between two reloads. */
const RELOAD_INTERVAL_MS = 400;

const FIRST_PHONE_PORT = 23_000;

/** Time for the relay to learn all parties before anything counts. */
const WARM_UP_MS = 1000;

const CASE_TIMEOUT_MS = 120_000;

interface LiveCall {
  readonly user: string;
  readonly phone: Peer;
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly routes: readonly string[];
  readonly legs: readonly [NumberedLeg, NumberedLeg];
}

interface ReloadBench extends Stage {
  readonly calls: readonly LiveCall[];
  /** The configuration that it was started with. */
  readonly text: string;
}

/** One phone registers and calls; both ends know where their media go. */
async function establish(stage: Stage, index: number): Promise<LiveCall> {
  const user = `u${index}`;
  const phone = new Peer({ address: AT.a, port: FIRST_PHONE_PORT + index });
  await register(stage, { user, phone });
  const legs = [new NumberedLeg(AT.a), new NumberedLeg(AT.r)] as const;
  const callId = unique("live-");
  const from = `<sip:${user}@${AT.r}>;tag=${unique("f")}`;
  const contact = `<${contactOf(user, phone)}>`;
  const invite = request({
    ...{ method: "INVITE", uri: REMOTE_URI, by: phone, from, to: `<${REMOTE_URI}>`, callId },
    ...{ contact, body: sdp(legs[0]) },
  });
  await phone.send(invite, stage.inside);
  const atR = await stage.r.expect({ callId, method: "INVITE" });
  const tag = unique("t");
  const extra = [`Contact: <${REMOTE_URI}>`];
  await stage.r.send(answer(atR.text, "200 OK", { tag, extra, body: sdp(legs[1]) }), atR.from);
  const { text } = await phone.expect({ callId, status: 200 });
  legs[0].target = { address: AT.inbound, port: mediaPort(bodyOf(text)) };
  legs[1].target = { address: AT.outbound, port: mediaPort(bodyOf(atR.text)) };
  const to = `<${REMOTE_URI}>;tag=${tag}`;
  const target = uriOf(header(text, "Contact"));
  const routes = headers(text, "Record-Route").map((value) => `Route: ${value}`).reverse();
  const call: LiveCall = { user, phone, callId, from, to, target, routes, legs };
  await sendInCall(stage, { call, method: "ACK", cseq: 1 });
  return call;
}

/** Sends a request inside a call; gives it as R gets it. */
async function sendInCall(
  stage: Stage,
  plan: { readonly call: LiveCall; readonly method: string; readonly cseq: number },
) {
  const { call, method, cseq } = plan;
  const { phone: by, from, to, callId, target: uri, routes: extra } = call;
  await by.send(request({ method, uri, by, from, to, callId, cseq, extra }), stage.inside);
  return await stage.r.expect({ callId, method });
}

async function hangUp(stage: Stage, call: LiveCall): Promise<void> {
  const bye = await sendInCall(stage, { call, method: "BYE", cseq: 2 });
  await stage.r.send(answer(bye.text, "200 OK"), bye.from);
  await call.phone.expect({ callId: call.callId, method: "BYE", status: 200 });
}

async function setUp(): Promise<ReloadBench> {
  const stage = await openStage({ name: "reload", directives: { debug_level: 0 } });
  const calls: LiveCall[] = [];
  for (let index = 0; index < CALLS; index++) calls.push(await establish(stage, index));
  return { ...stage, calls, text: await Deno.readTextFile(stage.proxy.configPath) };
}

async function tearDown(bench: ReloadBench): Promise<void> {
  for (const { phone, legs } of bench.calls) {
    for (const one of [phone, ...legs]) one.close();
  }
  await closeStage(bench);
}

/** Gives the daemon another file and waits until it has said what it thinks of it. */
async function reload(bench: ReloadBench, index: number): Promise<void> {
  const { proxy, text } = bench;
  const isGood = index % 2 === 1;
  const good = [
    `rtp_timeout = ${300 + index}`,
    `rtp_port_high = ${index % 4 === 1 ? 17_499 : 17_399}`,
    `ua_string = reload ${index}`,
    ...(index % 4 === 1 ? ["load_plugin = logcall"] : []),
  ];
  const lines = isGood ? good : [`rtp_timeout = x${index}`, `ua_string = never ${index}`];
  const said = isGood ? `rtp_timeout: ` : `"x${index}"`;
  const told = async () => (await proxy.log()).split("SIGHUP: ").length;
  const before = await told();
  await Deno.writeTextFile(proxy.configPath, `${text}\n${lines.join("\n")}\n`);
  proxy.process.signal("SIGHUP");
  await poll(async () => await told() > before ? true : undefined, {
    what: `word about reload ${index}`,
    timeoutMs: 10_000,
  });
  assert.ok((await proxy.log()).includes(said), `reload ${index}`);
}

async function reloadAll(bench: ReloadBench): Promise<void> {
  for (let index = 1; index <= RELOADS; index++) {
    await reload(bench, index);
    await sleep(RELOAD_INTERVAL_MS);
  }
}

/** Packets lost with reloads, and in as long a time without. */
async function losses(bench: ReloadBench, attempt: number): Promise<readonly [number, number]> {
  const legs = bench.calls.flatMap((call) => call.legs);
  const lost = ({ sent, arrived }: Tally) => sent - arrived;
  await talkWhile(legs, { phase: attempt * 10, meanwhile: () => sleep(WARM_UP_MS) });
  const startedMs = performance.now();
  const reloaded = await talkWhile(legs, {
    phase: attempt * 10 + 1,
    meanwhile: () => reloadAll(bench),
  });
  const tookMs = performance.now() - startedMs;
  const quiet = await talkWhile(legs, {
    phase: attempt * 10 + 2,
    meanwhile: () => sleep(tookMs),
  });
  console.log(
    `reload: ${CALLS} calls, ${RELOADS} reloads: ${lost(reloaded)} of ${reloaded.sent} packets ` +
      `lost, without reloads ${lost(quiet)} of ${quiet.sent}`,
  );
  assert.ok(reloaded.sent > CALLS * 2 * RELOADS, `${reloaded.sent} packets sent`);
  return [lost(reloaded), lost(quiet)];
}

/** A machine that is busy with others may lose a packet of its own: then both are measured once more. */
async function nothingIsLost(bench: ReloadBench): Promise<void> {
  let [reloaded, quiet] = await losses(bench, 1);
  const attempts = reloaded > quiet ? 2 : 1;
  if (attempts > 1) [reloaded, quiet] = await losses(bench, attempts);
  assert.ok(reloaded <= quiet, `${reloaded} packets lost, ${quiet} without reloads`);
  const log = await bench.proxy.log();
  const count = (text: string) => log.split(text).length - 1;
  assert.equal(count("SIGHUP: configuration read from"), attempts * RELOADS / 2);
  assert.equal(count("the old one stays in force"), attempts * RELOADS / 2);
}

async function allAreReachable(bench: ReloadBench): Promise<void> {
  for (const call of bench.calls) await assertReachable(bench, call);
}

async function allHangUp(bench: ReloadBench): Promise<void> {
  for (const call of bench.calls) await hangUp(bench, call);
}

/** Reloads under live calls. */
export const RELOAD_SUITE: Suite = defineSuite<ReloadBench>({
  name: "reload",
  setUp,
  tearDown,
  cases: [
    {
      name: `${RELOADS} reloads, good and bad files in turn, cost no packet of ${CALLS} calls`,
      timeoutMs: CASE_TIMEOUT_MS,
      run: nothingIsLost,
    },
    {
      name: `all ${CALLS} phones are still registered`,
      timeoutMs: CASE_TIMEOUT_MS,
      run: allAreReachable,
    },
    { name: `all ${CALLS} calls end by BYE`, timeoutMs: CASE_TIMEOUT_MS, run: allHangUp },
  ],
});

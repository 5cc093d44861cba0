/**
 * A telephone whose media are numbered packets: one end of many calls, in a program of its own.
 *
 * `deno run numbered_agent.ts answer ADDRESS PORT PACE_MS` answers calls and prints the books of
 * each when it ends. `deno run numbered_agent.ts call ADDRESS PORT PACE_MS PROXY DOMAIN USER TARGET
 * DEED COUNT` registers, calls TARGET and then: `toggle` holds and resumes sixteen calls COUNT times,
 * `many` makes COUNT calls within a second, `count` talks
 * for COUNT milliseconds and falls silent, `silence` lets one of two calls fall silent for COUNT milliseconds and makes a third one, `move` goes on from a port that it announces, `rebind`
 * from one that it does not. It prints what it does, in lines of JSON.
 *
 * @module
 */
import { aimAt, Caller, type CallPlan, sdp } from "./numbered_caller.ts";
import { NumberedRtp } from "./numbered_rtp.ts";
import { SipSocket } from "./sip_socket.ts";
import { answer, bodyOf, header, methodOf } from "./sip_text.ts";

const FIRST_RTP_PORT = 40_000;
const TOGGLED_CALLS = 16;
const HOLD_MS = 500;
const SETTLE_MS = 1500;
const MANY_CALLS_MS = 900;
/** Longer than a NAT rebinding must have been silent for. */
const REBIND_SILENCE_MS = 2600;
const ANSWER_TIMEOUT_MS = 8000;

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs));

function say(what: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(what));
}

function serve(hostname: string, port: number, paceMs: number): void {
  const calls = new Map<string, NumberedRtp>();
  let nextPort = FIRST_RTP_PORT;
  new SipSocket({ hostname, port }, (request) => {
    const callId = header(request, "Call-ID");
    const known = calls.get(callId);
    const method = methodOf(request);
    if (method === "BYE") {
      if (known !== undefined) say({ ended: callId, ...known.books() });
      known?.close();
      calls.delete(callId);
      return answer(request, "200 OK");
    }
    if (method === "INFO") {
      known?.quiet();
      return answer(request, "200 OK");
    }
    if (method !== "INVITE") return undefined;
    const media = known ?? new NumberedRtp({ hostname, port: nextPort }, paceMs);
    if (known === undefined) nextPort += 2;
    calls.set(callId, media);
    aimAt(media, request);
    if (bodyOf(request).includes("inactive")) media.quiet();
    const flow = bodyOf(request).includes("sendonly") ? "recvonly" : "sendrecv";
    const hasTag = header(request, "To").includes("tag=");
    return answer(request, "200 OK", {
      ...(hasTag ? {} : { tag: "callee" }),
      extra: [`Contact: <sip:callee@${hostname}:${port}>`],
      body: sdp({ hostname, port: media.port }, flow),
    });
  });
  say({ ready: true });
}

async function register(plan: CallPlan): Promise<void> {
  const { hostname, port, proxy, domain, user } = plan;
  const [host = "", proxyPort = "5060"] = proxy.split(":");
  const socket = new SipSocket({ hostname, port: port + 2 });
  const aor = `<sip:${user}@${domain}>`;
  await socket.authenticated({
    method: "REGISTER",
    uri: `sip:${domain}`,
    from: `${aor};tag=r`,
    to: aor,
    callId: `r-${Deno.pid}@${hostname}`,
    cseq: 1,
    extra: [`Contact: <sip:${user}@${hostname}:${port}>`, "Expires: 600"],
  }, {
    to: { hostname: host, port: Number(proxyPort) },
    timeoutMs: ANSWER_TIMEOUT_MS,
    user,
    password: `pw-${user}`,
  });
  socket.close();
}

/** Some calls at once, so that the load is a busy minute's and each call's pace still a telephone's. */
async function toggle(caller: Caller, count: number): Promise<void> {
  const calls = await Promise.all(
    Array.from({ length: TOGGLED_CALLS }, (_, number) => caller.open(number)),
  );
  await sleep(SETTLE_MS);
  for (let turn = 0; turn < count; turn++) {
    const flow = turn % 2 === 0 ? "sendonly" : "sendrecv";
    await Promise.all(calls.map((call) => caller.invite(call, { port: call.media.port, flow })));
    await sleep(HOLD_MS);
  }
  for (const books of await Promise.all(calls.map((call) => caller.close(call)))) {
    say({ heard: true, ...books });
  }
  say({ done: true });
}

async function many(caller: Caller, count: number): Promise<void> {
  const opening = Array.from({ length: count }, async (_, number) => {
    await sleep(MANY_CALLS_MS * number / count);
    return await caller.open(number);
  });
  const calls = await Promise.all(opening);
  say({ up: calls.length });
  await sleep(Number(Deno.args[10] ?? 5000));
  const books = await Promise.all(calls.map((call) => caller.close(call)));
  say({ done: true, received: Math.min(...books.map(({ received }) => received)) });
}

/** Talks, then falls silent on both sides, so that figures can be compared to the packet. */
async function count(caller: Caller, talkMs: number): Promise<void> {
  const call = await caller.open(0);
  await sleep(talkMs);
  call.media.quiet();
  await caller.invite(call, { port: call.media.port, flow: "inactive" });
  call.media.quiet();
  await sleep(SETTLE_MS);
  say({ silent: true, ...call.media.books() });
  await sleep(4 * SETTLE_MS);
  await caller.close(call);
  say({ done: true });
}

/** Talks on one line, and falls silent on another until so much time has passed; then a third one takes its place. */
async function silence(caller: Caller, silentMs: number): Promise<void> {
  const calls = [await caller.open(0), await caller.open(1)] as const;
  await sleep(2 * SETTLE_MS);
  await caller.silence(calls[0]);
  say({ silenced: calls[0].callId, ...calls[0].media.books() });
  await sleep(silentMs);
  const third = await caller.open(2);
  say({ third: true });
  await sleep(SETTLE_MS);
  for (const call of [calls[1], third]) say({ heard: call.callId, ...await caller.close(call) });
  say({ done: true });
}

async function wander(caller: Caller, hostname: string, deed: "move" | "rebind"): Promise<void> {
  const call = await caller.open(0);
  await sleep(SETTLE_MS);
  const port = FIRST_RTP_PORT + 500;
  say({ moving: true });
  call.media.quiet();
  if (deed === "rebind") await sleep(REBIND_SILENCE_MS);
  call.media.move({ hostname, port });
  if (deed === "move") await caller.invite(call, { port, flow: "sendrecv" });
  call.media.resume();
  say({ moved: true });
  await sleep(2 * SETTLE_MS);
  say({ done: true, ...await caller.close(call) });
}

async function main(): Promise<void> {
  const [role = "", hostname = "", port = "", pace = "", ...rest] = Deno.args;
  const [proxy = "", domain = "", user = "", target = "", deed = "", times = "1"] = rest;
  const paceMs = Number(pace);
  if (role === "answer") return serve(hostname, Number(port), paceMs);
  const plan = { hostname, port: Number(port), paceMs, proxy, domain, user, target };
  await register(plan);
  const caller = new Caller(plan);
  if (deed === "toggle") await toggle(caller, Number(times));
  else if (deed === "many") await many(caller, Number(times));
  else if (deed === "count") await count(caller, Number(times));
  else if (deed === "silence") await silence(caller, Number(times));
  else await wander(caller, hostname, deed === "move" ? "move" : "rebind");
  Deno.exit(0);
}

if (import.meta.main) await main();

/**
 * What people do with a telephone, as cases over baresip phones.
 *
 * Users: alice (lan1), bob (lan2) and carol (wan2) answer at once; erin (lan2) and dave (wan2) ring
 * until told. The same list runs through the daemon (phones.ts) and, in part, without it (peers.ts).
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertHeardEachOther, assertSawEachOther, countsBefore } from "../support/audio.ts";
import type { Phone } from "../support/baresip.ts";
import { poll } from "../support/command.ts";
import type { Case } from "../support/case.ts";
import { connect, converse, hangUp, TALK_SECONDS } from "../support/conversation.ts";
import { type PhoneBench, phoneOf, type PhonePlan, talk } from "../support/phone_bench.ts";

/** Phones that the cases need. */
export const PHONES: readonly PhonePlan[] = [
  { user: "alice", place: "lan1", answer: "auto", slot: 0 },
  { user: "bob", place: "lan2", answer: "auto", slot: 0 },
  { user: "erin", place: "lan2", answer: "manual", slot: 1 },
  { user: "carol", place: "wan2", answer: "auto", slot: 0 },
  { user: "dave", place: "wan2", answer: "manual", slot: 1 },
];

const CASE_TIMEOUT_MS = 40_000;

/** A call that one phone makes and one of the two ends. */
interface CallPlan {
  readonly caller: string;
  readonly callee: string;
  readonly hangsUp: "caller" | "callee";
}

async function callAndTalk(bench: PhoneBench, plan: CallPlan): Promise<void> {
  const caller = phoneOf(bench, plan.caller);
  const callee = phoneOf(bench, plan.callee);
  await converse({ caller, callee, hangsUp: plan.hangsUp });
}

function callCase(name: string, plan: CallPlan): Case<PhoneBench> {
  return { name, timeoutMs: CASE_TIMEOUT_MS, run: (bench) => callAndTalk(bench, plan) };
}

async function registerAll(bench: PhoneBench): Promise<void> {
  for (const phone of bench.phones.values()) {
    await phone.waitRegistered(15_000);
    const log = await phone.log();
    assert.match(log, /401 Unauthorized/, `${phone.options.user} was never challenged`);
  }
}

async function holdAndResume(bench: PhoneBench): Promise<void> {
  const alice = phoneOf(bench, "alice");
  const carol = phoneOf(bench, "carol");
  const before = await countsBefore([alice, carol]);
  await connect({ caller: alice, callee: carol });
  await talk(1500);
  await alice.command("hold");
  await waitForText(carol, /a=recvonly/);
  await talk(1500);
  await alice.command("resume");
  await talk(TALK_SECONDS * 1000);
  await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
  // The time after the resume alone is worth three seconds of audio on both sides.
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

async function waitForText(phone: Phone, pattern: RegExp): Promise<void> {
  await poll(async () => pattern.test(await phone.log()) ? true : undefined, {
    what: `${pattern} at ${phone.options.user}`,
    timeoutMs: 5000,
  });
}

async function cancel(bench: PhoneBench): Promise<void> {
  const alice = phoneOf(bench, "alice");
  const dave = phoneOf(bench, "dave");
  dave.forgetEvents();
  await alice.dial(dave.uri);
  await dave.waitFor("CALL_INCOMING");
  await alice.waitFor("CALL_RINGING");
  await alice.command("hangup");
  await dave.waitFor("CALL_CLOSED");
  assert.match(await alice.log(), /SIP\/2\.0 487 /, "no 487 after CANCEL");
}

async function busy(
  bench: PhoneBench,
  plan: { readonly caller: string; readonly callee: string },
): Promise<void> {
  const caller = phoneOf(bench, plan.caller);
  const callee = phoneOf(bench, plan.callee);
  callee.forgetEvents();
  await caller.dial(callee.uri);
  await callee.waitFor("CALL_INCOMING");
  await callee.command("hangup");
  const reason = await caller.waitFor("CALL_CLOSED");
  assert.match(reason, /^486 /, `closed with "${reason}"`);
}

async function acceptByHand(bench: PhoneBench): Promise<void> {
  const carol = phoneOf(bench, "carol");
  const erin = phoneOf(bench, "erin");
  const before = await countsBefore([carol, erin]);
  erin.forgetEvents();
  await carol.dial(erin.uri);
  await erin.waitFor("CALL_INCOMING");
  await carol.waitFor("CALL_RINGING");
  await erin.command("accept");
  await carol.waitFor("CALL_ESTABLISHED");
  await talk(TALK_SECONDS * 1000);
  await hangUp({ caller: carol, callee: erin, hangsUp: "callee" });
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

/** The cases in the order in which they build on each other: first all register. */
export const PHONE_CASES: readonly Case<PhoneBench>[] = [
  { name: "five phones register with digest", timeoutMs: CASE_TIMEOUT_MS, run: registerAll },
  callCase("outgoing call, audio both ways, BYE from the caller", {
    caller: "alice",
    callee: "carol",
    hangsUp: "caller",
  }),
  callCase("outgoing call, BYE from the callee", {
    caller: "alice",
    callee: "carol",
    hangsUp: "callee",
  }),
  callCase("incoming call, audio both ways, BYE from the caller", {
    caller: "carol",
    callee: "bob",
    hangsUp: "caller",
  }),
  callCase("incoming call, BYE from the callee", {
    caller: "carol",
    callee: "alice",
    hangsUp: "callee",
  }),
  {
    name: "incoming call that rings and is answered by hand",
    timeoutMs: CASE_TIMEOUT_MS,
    run: acceptByHand,
  },
  { name: "hold and resume", timeoutMs: CASE_TIMEOUT_MS, run: holdAndResume },
  { name: "CANCEL while it rings", timeoutMs: CASE_TIMEOUT_MS, run: cancel },
  {
    name: "486 from the far phone",
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) => busy(bench, { caller: "alice", callee: "dave" }),
  },
  {
    name: "486 from a phone on the LAN",
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) => busy(bench, { caller: "carol", callee: "erin" }),
  },
  callCase("two phones on the LAN call each other", {
    caller: "alice",
    callee: "bob",
    hangsUp: "caller",
  }),
];

/** A call with picture: both phones must get each other's audio and video. */
export function videoCall(callerUser: string, calleeUser: string): Case<PhoneBench> {
  return {
    name: `video and audio, ${callerUser} calls ${calleeUser}`,
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      const caller = phoneOf(bench, callerUser);
      const callee = phoneOf(bench, calleeUser);
      const audio = await countsBefore([caller, callee]);
      const video = await countsBefore([caller, callee], "video");
      await connect({ caller, callee });
      await talk(TALK_SECONDS * 1000);
      await hangUp({ caller, callee, hangsUp: "caller" });
      await assertHeardEachOther(audio, { seconds: TALK_SECONDS });
      await assertSawEachOther(video);
    },
  };
}

/** baresip phones on both sides of the daemon. */

import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import {
  closePhoneBench,
  openPhoneBench,
  pathOfRun,
  type PhoneBench,
  phoneOf,
  type PhonePlan,
} from "../support/phone_bench.ts";
import { assertNoPrivateAddress } from "../support/wan_privacy.ts";
import { assertRtpBothWays } from "../support/rtp_on_wire.ts";
import { PHONE_CASES, PHONES, videoCall } from "./phone_cases.ts";

const VIDEO_PHONES: readonly PhonePlan[] = [
  { user: "alice", place: "lan1", answer: "auto", slot: 0 },
  { user: "carol", place: "wan2", answer: "auto", slot: 0 },
];

/** Judges the recordings that all cases before it have filled; it comes last. */
const PRIVACY: Case<PhoneBench> = {
  name: "the WAN saw no private address in Contact, SDP, topmost Via or packets",
  timeoutMs: 60_000,
  run: async (bench) => {
    await bench.wanCapture.stop();
    await assertNoPrivateAddress(bench.wanCapture);
  },
};

const ON_THE_WIRE: Case<PhoneBench> = {
  name: "RTP in both directions on both sides of the router",
  timeoutMs: 60_000,
  run: async (bench) => {
    await bench.wanCapture.stop();
    await bench.lanCapture.stop();
    await assertRtpBothWays(bench.lanCapture, { side: "lan" });
    await assertRtpBothWays(bench.wanCapture, { side: "wan" });
  },
};

const STILL_THERE: Case<PhoneBench> = {
  name: "the daemon still runs and logged no bug",
  timeoutMs: 10_000,
  run: async (bench) => {
    assert.ok(bench.proxy?.process.running, "the daemon has ended");
    assert.doesNotMatch(await bench.proxy.log(), /Uncaught|TypeError|ReferenceError|RangeError/);
  },
};

/** Judgements of the daemon's work; without the daemon there is nothing to judge. */
const JUDGEMENTS: readonly Case<PhoneBench>[] = pathOfRun() === "proxy"
  ? [STILL_THERE, ON_THE_WIRE, PRIVACY]
  : [];

/** Audio phones. */
export const PHONE_SUITE: Suite = defineSuite({
  name: "phones",
  setUp: () =>
    openPhoneBench({ name: "phones", path: pathOfRun(), media: "audio", phones: PHONES }),
  tearDown: closePhoneBench,
  cases: [...PHONE_CASES, ...JUDGEMENTS],
});

/** Video phones. */
export const VIDEO_SUITE: Suite = defineSuite({
  name: "video",
  setUp: async () => {
    const bench = await openPhoneBench({
      name: "video",
      path: pathOfRun(),
      media: "audio+video",
      phones: VIDEO_PHONES,
    });
    for (const user of ["alice", "carol"]) await phoneOf(bench, user).waitRegistered(15_000);
    return bench;
  },
  tearDown: closePhoneBench,
  cases: [videoCall("alice", "carol"), videoCall("carol", "alice"), ...JUDGEMENTS],
});

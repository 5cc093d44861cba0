/** Two phones talk: one calls, both answer for what they heard, one hangs up. */

import { assertHeardEachOther, countsBefore } from "./audio.ts";
import type { Phone } from "./baresip.ts";
import { sleep } from "./command.ts";

/** Long enough to tell a stream from its first packets. */
export const TALK_SECONDS = 3;

/** A call. */
export interface Conversation {
  readonly caller: Phone;
  readonly callee: Phone;
  /** What the caller dials; the callee's address of record when absent. */
  readonly uri?: string;
  readonly hangsUp: "caller" | "callee";
}

/** Calls, lets both talk, hangs up and asserts that each heard the other. */
export async function converse(plan: Conversation): Promise<void> {
  const before = await countsBefore([plan.caller, plan.callee]);
  await connect(plan);
  await sleep(TALK_SECONDS * 1000);
  await hangUp(plan);
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

/** Calls and waits until both sides are established. */
export async function connect(
  plan: Pick<Conversation, "caller" | "callee" | "uri">,
): Promise<void> {
  const { caller, callee, uri = callee.uri } = plan;
  callee.forgetEvents();
  await caller.dial(uri);
  await Promise.all([caller.waitFor("CALL_ESTABLISHED"), callee.waitFor("CALL_ESTABLISHED")]);
}

/** One hangs up; the other's phone must notice (BYE). */
export async function hangUp(
  plan: Pick<Conversation, "caller" | "callee" | "hangsUp">,
): Promise<void> {
  const { caller, callee } = plan;
  const [first, second] = plan.hangsUp === "caller" ? [caller, callee] : [callee, caller];
  await first.command("hangup");
  await second.waitFor("CALL_CLOSED");
}

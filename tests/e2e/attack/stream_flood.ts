/**
 * Attack (d), its other half: connections that never stop talking, a stranger's and a provider's.
 *
 * A stream waits where a datagram is lost, so that its sender is to be read more slowly and nobody
 * else is to wait for him. Called by run.ts.
 *
 * @module
 */
import { REGISTRAR } from "../../bench/lab.ts";
import { type AttackLab, CONNECTING_WAN, proxyAddress } from "./attack_lab.ts";
import type { FigureReport } from "./figures.ts";
import { mediaFigures, mediaWithRetry } from "./media_figures.ts";

const CALLS = 20;
const CONNECTIONS = 100;
const MEDIA_SECONDS = 3;
/** Longer than all that is measured beside it. */
const ATTACK_SECONDS = 60;
const REGISTRATIONS = 20;
/** More than anybody has to say on streams. */
const LEAST_MESSAGES_PER_SECOND = 1_000;

/** Talks and reports. */
export async function talkWithoutEnd(
  lab: AttackLab,
  options: { readonly who: "stranger" | "provider"; readonly report: FigureReport },
): Promise<void> {
  const { who, report } = options;
  const attack = `(d) talking ${who}`;
  await lab.start(`stream-flood-${who}`);
  const calls = await lab.openCalls(CALLS);
  const control = await lab.media(calls, MEDIA_SECONDS);
  const talk = lab.junk({
    mode: "talk",
    namespace: lab.lab.wan,
    target: proxyAddress("wan"),
    count: CONNECTIONS,
    seconds: ATTACK_SECONDS,
    ...(who === "stranger"
      ? { source: CONNECTING_WAN, bits: 24 }
      : { source: REGISTRAR, bits: 32 }),
  });
  const { calls: measured, bare } = await mediaWithRetry(
    async () => ({ calls: await lab.media(calls, MEDIA_SECONDS) }),
    { attack, control, bare: () => lab.bareMedia(MEDIA_SECONDS), report },
  );
  const startedMs = performance.now();
  const answered = await lab.hangUp(calls);
  const unanswered = await lab.register(REGISTRATIONS);
  const seconds = (performance.now() - startedMs) / 1000;
  const sent = (await talk.stop()).get("sent") ?? 0;
  report.add({
    attack,
    what: `messages over ${CONNECTIONS} connections`,
    value: sent,
    limit: `more than ${LEAST_MESSAGES_PER_SECOND} a second`,
    holds: sent > LEAST_MESSAGES_PER_SECOND * (MEDIA_SECONDS + seconds),
  });
  mediaFigures(measured, { attack, control, bare, report });
  const add = (what: string, one: { readonly value: number; readonly of: number }) =>
    report.add({
      attack,
      what,
      value: one.value,
      limit: `all ${one.of}`,
      holds: one.value === one.of,
    });
  add("BYEs answered under attack", { value: answered, of: CALLS });
  add("REGISTERs answered under attack", {
    value: REGISTRATIONS - unanswered,
    of: REGISTRATIONS,
  });
  await lab.stop();
}

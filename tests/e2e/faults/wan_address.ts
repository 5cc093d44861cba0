/** The provider of the Internet line gives another address while calls are up. */

import assert from "node:assert/strict";
import type { Party } from "../../traffic/party.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll, sleep } from "../support/command.ts";
import {
  contactOf,
  type FaultBench,
  inRouter,
  mustCall,
  mustHangUp,
  mustHear,
  mustSay,
  mustServe,
  openBench,
  phoneAt,
} from "./fault_bench.ts";
import { LINKS, PLACES, SIP_PORT } from "./places.ts";

const PHONES = 10;

/** What the daemon tells phones, and what it promises with it. */
const LAN_EXPIRES_SECONDS = 30;
const REACHABLE_WITHIN_MS = 40_000;

/** What a phone asks for; the daemon shortens it. */
const WANTED_SECONDS = 600;

/** A phone comes back at some moment of its interval, before its end. */
const REFRESH_SHARE = 0.9;

/** Registers as a phone does, until it is told to end. */
async function keepRegistered(phone: Party, state: { isEnding: boolean }): Promise<void> {
  let share = Math.random();
  while (!state.isEnding) {
    const { status, expiresSeconds } = await phone.register(WANTED_SECONDS);
    // A phone that was not answered tries again soon (RFC 5626 §4.5).
    const restMs = status === 200 ? expiresSeconds * 1000 * REFRESH_SHARE * share : 2_000;
    share = 1;
    const endMs = performance.now() + restMs;
    while (!state.isEnding && performance.now() < endMs) await sleep(100);
  }
}

async function moveTo(
  bench: FaultBench,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await inRouter(`addr del ${from}/24 dev ${LINKS.wan}`);
  await inRouter(`addr add ${to}/24 dev ${LINKS.wan}`);
  await inRouter(`route replace default via ${PLACES.far}`);
  bench.provider.agent.proxy = { hostname: to, port: SIP_PORT };
}

async function addressChanges(bench: FaultBench): Promise<void> {
  const call = await mustCall(bench, { phone: phoneAt(bench, 0), direction: "out" });
  await mustHear(call, "before the change");
  const state = { isEnding: false };
  const living = bench.phones.map((phone) => keepRegistered(phone, state));
  await sleep(2_000);
  const changedAtMs = performance.now();
  await moveTo(bench, { from: PLACES.wan, to: PLACES.newWan });
  try {
    await mustSay(
      bench,
      new RegExp(`Listening on ${PLACES.newWan.replaceAll(".", "\\.")}:5060/udp`),
    );
    await mustKeepAudio(call);
    for (const phone of bench.phones) await mustBeAt(bench, { phone, changedAtMs });
    const lastMs = Math.max(
      ...bench.phones.map(({ user }) => bench.provider.bindings.get(user)?.atMs ?? 0),
    );
    console.log(
      `     all ${PHONES} phones known at the new address after ` +
        `${((lastMs - changedAtMs) / 1000).toFixed(1)} s at the latest`,
    );
    state.isEnding = true;
    await Promise.all(living);
    await mustHangUp(call);
    await mustServe(bench, "at the new address");
  } finally {
    state.isEnding = true;
    await moveTo(bench, { from: PLACES.newWan, to: PLACES.wan });
  }
}

/** Phones whose far end takes a re-INVITE say again where media goes; both ends hear each other then. */
async function mustKeepAudio(call: Awaited<ReturnType<typeof mustCall>>): Promise<void> {
  assert.equal(await call.phone.reinvite(), 200, "re-INVITE after the change");
  assert.equal(call.far.rtp.target?.hostname, PLACES.newWan);
  await mustHear(call, "after the re-INVITE");
}

/** The provider knows the new address in time, and a call from outside arrives. */
async function mustBeAt(
  bench: FaultBench,
  { phone, changedAtMs }: { readonly phone: Party; readonly changedAtMs: number },
): Promise<void> {
  await poll(() => {
    const isNew = contactOf(bench.provider, phone).includes(`@${PLACES.newWan}`);
    return Promise.resolve(isNew ? true : undefined);
  }, {
    what: `${phone.user} at the new address, in time`,
    timeoutMs: Math.max(0, changedAtMs + REACHABLE_WITHIN_MS - performance.now()),
  });
  assert.equal(await bench.provider.ask(contactOf(bench.provider, phone), 5_000), 200);
}

/** Changes of the address. */
export const WAN_ADDRESS_SUITE: Suite = defineSuite<FaultBench>({
  name: "new address outside",
  setUp: () =>
    openBench({
      name: "address",
      phones: PHONES,
      directives: { lan_expires: LAN_EXPIRES_SECONDS },
    }),
  tearDown: (bench) => bench.close(),
  cases: [{
    name:
      `with lan_expires = ${LAN_EXPIRES_SECONDS} every phone is reachable again within 40 s, a call keeps its audio`,
    timeoutMs: 150_000,
    run: addressChanges,
  }],
});

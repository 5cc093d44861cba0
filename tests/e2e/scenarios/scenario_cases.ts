/**
 * What every scenario has to show: registration, calls both ways, and that the NAT was a real one.
 *
 * The cases build on each other: the first waits for the registrations, the last judge the
 * recordings that the others have filled. Called by the suites of this folder.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import { converse } from "../support/conversation.ts";
import { addressSeenBy } from "../support/firewall.ts";
import { assertRelayed, type RelayEnd } from "../support/relay_on_wire.ts";
import { assertNoPrivateAddress } from "../support/wan_privacy.ts";
import { FAR, PUBLIC } from "./places.ts";
import { FAR_USER, phoneNamed, type ScenarioBench } from "./scenario_bench.ts";

/** What the cases need to know of a scenario. */
export interface ScenarioFacts {
  /** User of the phone inside. */
  readonly user: string;
  /** Who hears of the registration of `user`, for the case's name. */
  readonly registrar: string;
  /** What the phone inside dials. */
  readonly dialsOut: string;
  /** What the far phone dials. */
  readonly dialsIn: string;
  /** The relay as the phone inside sees it. */
  readonly relayInside: RelayEnd;
  /** The relay as the Internet sees it. */
  readonly relayOutside: Omit<RelayEnd, "address">;
}

/** A case that takes about as long as a call. */
export const CASE_TIMEOUT_MS = 40_000;
const REGISTER_TIMEOUT_MS = 20_000;

/** The cases before those of the scenario's own. */
export function callCases(facts: ScenarioFacts): readonly Case<ScenarioBench>[] {
  const { user } = facts;
  return [
    natCase(),
    {
      name: `registers with digest at ${facts.registrar}`,
      timeoutMs: CASE_TIMEOUT_MS,
      run: (bench) => registersWithDigest(bench, [user, FAR_USER]),
    },
    callCase("call out, audio both ways, BYE from the caller", {
      ...{ caller: user, callee: FAR_USER, uri: facts.dialsOut, hangsUp: "caller" },
    }),
    callCase("call out, BYE from the far phone", {
      ...{ caller: user, callee: FAR_USER, uri: facts.dialsOut, hangsUp: "callee" },
    }),
    callCase("call in, audio both ways, BYE from the caller", {
      ...{ caller: FAR_USER, callee: user, uri: facts.dialsIn, hangsUp: "caller" },
    }),
    callCase("call in, BYE from the phone inside", {
      ...{ caller: FAR_USER, callee: user, uri: facts.dialsIn, hangsUp: "callee" },
    }),
  ];
}

/** The cases after those of the scenario's own. */
export function judgements(facts: ScenarioFacts): readonly Case<ScenarioBench>[] {
  return [
    {
      name: "all media went through the daemon's ports, on both sides",
      timeoutMs: CASE_TIMEOUT_MS,
      run: async (bench) => {
        await Promise.all([bench.inside.stop(), bench.outside.stop()]);
        await assertRelayed(bench.inside, facts.relayInside);
        await assertRelayed(bench.outside, { address: PUBLIC, ...facts.relayOutside });
      },
    },
    {
      name: "the Internet saw no private address",
      timeoutMs: CASE_TIMEOUT_MS,
      run: async (bench) => {
        await bench.outside.stop();
        await assertNoPrivateAddress(bench.outside);
      },
    },
    {
      name: "the daemon still runs and logged no bug",
      timeoutMs: CASE_TIMEOUT_MS,
      run: async (bench) => {
        for (const { process } of bench.daemons) {
          assert.ok(process.running, `${process.name} has ended`);
          assert.doesNotMatch(await process.log(), /Uncaught|(Type|Reference|Range)Error/);
        }
      },
    },
  ];
}

/** A call as a case. */
export function callCase(
  name: string,
  plan: {
    readonly caller: string;
    readonly callee: string;
    readonly uri: string;
    readonly hangsUp: "caller" | "callee";
  },
): Case<ScenarioBench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      const caller = phoneNamed(bench, plan.caller);
      const callee = phoneNamed(bench, plan.callee);
      await converse({ ...plan, caller, callee });
    },
  };
}

/** Waits until users are registered, each after a challenge. */
export async function registersWithDigest(
  bench: ScenarioBench,
  users: readonly string[],
): Promise<void> {
  for (const user of users) {
    const phone = phoneNamed(bench, user);
    await phone.waitRegistered(REGISTER_TIMEOUT_MS);
    assert.match(await phone.log(), /SIP\/2\.0 40[17] /, `${user} was never challenged`);
  }
}

function natCase(): Case<ScenarioBench> {
  return {
    name: "packets that pass the router are masqueraded",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async ({ network }) => {
      const far = network.namespaceOf("far");
      const place = { far, farAddress: FAR };
      assert.equal(await addressSeenBy(place, network.namespaceOf("phone")), PUBLIC);
    },
  };
}

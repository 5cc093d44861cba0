/**
 * SIPp through the daemon: what a softphone cannot be told to do.
 *
 * frank is a SIPp user on the LAN, grace one on the Internet side; both register with digest
 * authentication. Their audio is an echo (echo_agent.ts), so a softphone that talks to them must
 * get its own packets back.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Phone, startPhone } from "../support/baresip.ts";
import { type Capture, startCapture } from "../support/capture.ts";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { type Echo, startEcho } from "../support/echo.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, createTopology, ROUTER_WAN, type Topology } from "../support/namespace.ts";
import { pathOfRun, startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Proxy } from "../support/proxy.ts";
import { runSipp, type SippOptions, type SippRun, startSipp } from "../support/sipp.ts";
import { assertNoPrivateAddress } from "../support/wan_privacy.ts";

interface SippBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly proxy: Proxy | undefined;
  readonly alice: Phone;
  readonly carol: Phone;
  readonly lanEcho: Echo;
  readonly wanEcho: Echo;
  readonly wanCapture: Capture;
}

/** Without the daemon (router routes) when only the peers and the scenarios are to be tried. */
const DIRECT = pathOfRun() === "direct";
const MEDIA = { a: 40000, b: 40010 } as const;
const SIDES = {
  frank: { place: "lan2", port: 5070, target: DIRECT ? ADDRESSES.wan : ADDRESSES.rtrLan },
  grace: { place: "wan2", port: 5072, target: ADDRESSES.wan },
} as const;
const CASE_TIMEOUT_MS = 45_000;
/** A second of audio has 50 packets; phases of the calls last 1.5 to 2 seconds. */
const LEAST_PACKETS = 50;

type SippUser = keyof typeof SIDES;

async function setUp(): Promise<SippBench> {
  const topology = await createTopology(DIRECT ? "routed" : "proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const wanCapture = await startCapture({
    name: "sipp-wan",
    namespace: topology.rtr,
    interfaceName: ROUTER_WAN,
  });
  const proxy = DIRECT ? undefined : await startRouterProxy(topology, { name: "sipp" });
  const common = {
    sipPort: 5060,
    controlPort: 4444,
    rtpPortLow: 30000,
    domain: ADDRESSES.wan,
    answer: "auto",
    media: "audio",
  } as const;
  const alice = await startPhone({
    ...common,
    user: "alice",
    namespace: topology.lan1,
    address: ADDRESSES.lan1,
    ...(DIRECT ? {} : { outbound: `${ADDRESSES.rtrLan}:5060` }),
  });
  const carol = await startPhone({
    ...common,
    user: "carol",
    namespace: topology.wan2,
    address: ADDRESSES.wan2,
  });
  const ports = [MEDIA.a, MEDIA.b];
  const lanEcho = await startEcho(topology.lan2, { address: ADDRESSES.lan2, ports });
  const wanEcho = await startEcho(topology.wan2, { address: ADDRESSES.wan2, ports });
  for (const phone of [alice, carol]) await phone.waitRegistered(15_000);
  const bench = { topology, provider, proxy, alice, carol, lanEcho, wanEcho, wanCapture };
  await register(bench);
  return bench;
}

async function tearDown(bench: SippBench): Promise<void> {
  for (const part of [bench.alice, bench.carol, bench.lanEcho, bench.wanEcho]) await part.stop();
  await bench.proxy?.stop();
  await bench.provider.stop();
  await bench.wanCapture.stop();
  await bench.topology.remove();
}

function optionsFor(
  bench: SippBench,
  what: { readonly scenario: string; readonly user: SippUser; readonly callee?: string },
): SippOptions {
  const side = SIDES[what.user];
  return {
    scenario: what.scenario,
    namespace: bench.topology[side.place],
    address: ADDRESSES[side.place],
    port: side.port,
    user: what.user,
    ...(what.scenario.startsWith("uas_") ? {} : { target: `${side.target}:5060` }),
    keys: {
      domain: ADDRESSES.wan,
      callee: what.callee ?? what.user,
      media_a: String(MEDIA.a),
      media_b: String(MEDIA.b),
    },
    timeoutSeconds: 30,
  };
}

async function register(bench: SippBench): Promise<void> {
  for (const user of ["frank", "grace"] as const) {
    await runSipp(optionsFor(bench, { scenario: "register", user }));
  }
}

interface CallPlan {
  readonly caller: SippUser;
  readonly callerScenario: string;
  readonly callee: SippUser;
  readonly calleeScenario: string;
}

async function callBetweenScenarios(bench: SippBench, plan: CallPlan): Promise<void> {
  const called: SippRun = await startSipp(
    optionsFor(bench, { scenario: plan.calleeScenario, user: plan.callee }),
  );
  const callee = plan.callee;
  try {
    await runSipp(optionsFor(bench, { scenario: plan.callerScenario, user: plan.caller, callee }));
    await called.finish();
  } finally {
    // A called side that nobody called must not keep its port.
    await called.process.kill();
  }
}

function scenarioCase(name: string, plan: CallPlan): Case<SippBench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) => callBetweenScenarios(bench, plan),
  };
}

/** The caller moves its audio from socket a to socket b, holds with 0.0.0.0 and resumes. */
async function moveMedia(
  bench: SippBench,
  plan: { readonly caller: SippUser; readonly phone: Phone; readonly echo: Echo },
): Promise<void> {
  const calls = await plan.phone.callsCounted("audio");
  const before = { a: await plan.echo.received(MEDIA.a), b: await plan.echo.received(MEDIA.b) };
  const callee = plan.phone.options.user;
  await runSipp(optionsFor(bench, { scenario: "uac_reinvite", user: plan.caller, callee }));
  const a = await plan.echo.received(MEDIA.a) - before.a;
  const b = await plan.echo.received(MEDIA.b) - before.b;
  const { received } = await plan.phone.rtpCounts("audio", calls + 1);
  assert.ok(a > LEAST_PACKETS, `${a} packets at the first port`);
  assert.ok(b > 2 * LEAST_PACKETS, `${b} packets at the port of the re-INVITE`);
  assert.ok(received > (a + b) * 0.8, `${callee} got ${received} of ${a + b} packets back`);
}

const CASES: readonly Case<SippBench>[] = [
  { name: "SIPp registers with digest", timeoutMs: CASE_TIMEOUT_MS, run: register },
  scenarioCase("outgoing call", {
    caller: "frank",
    callerScenario: "uac_call",
    callee: "grace",
    calleeScenario: "uas_answer",
  }),
  scenarioCase("incoming call", {
    caller: "grace",
    callerScenario: "uac_call",
    callee: "frank",
    calleeScenario: "uas_answer",
  }),
  scenarioCase("CANCEL of an outgoing call", {
    caller: "frank",
    callerScenario: "uac_cancel",
    callee: "grace",
    calleeScenario: "uas_ring",
  }),
  scenarioCase("CANCEL of an incoming call", {
    caller: "grace",
    callerScenario: "uac_cancel",
    callee: "frank",
    calleeScenario: "uas_ring",
  }),
  scenarioCase("486 to an outgoing call", {
    caller: "frank",
    callerScenario: "uac_busy",
    callee: "grace",
    calleeScenario: "uas_busy",
  }),
  scenarioCase("486 to an incoming call", {
    caller: "grace",
    callerScenario: "uac_busy",
    callee: "frank",
    calleeScenario: "uas_busy",
  }),
  {
    name: "re-INVITE with a new media port from the LAN, hold with 0.0.0.0, resume",
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) => moveMedia(bench, { caller: "frank", phone: bench.carol, echo: bench.lanEcho }),
  },
  {
    name: "re-INVITE with a new media port from the WAN, hold with 0.0.0.0, resume",
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) => moveMedia(bench, { caller: "grace", phone: bench.alice, echo: bench.wanEcho }),
  },
  {
    name: "the WAN saw no private address",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      await bench.wanCapture.stop();
      if (!DIRECT) await assertNoPrivateAddress(bench.wanCapture);
    },
  },
];

/** SIPp users on both sides. */
export const SIPP_SUITE: Suite = defineSuite({ name: "sipp", setUp, tearDown, cases: CASES });

/**
 * Chapter 7.4 of the guide: the phone knows no outbound proxy, the router redirects its SIP.
 *
 * What the phone gets must look as if it came from where the phone sent to. The router forgets idle
 * flows within seconds here, as it does within minutes elsewhere, so that calls come in to a phone
 * whose redirection is gone.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { sleep } from "../support/command.ts";
import { converse } from "../support/conversation.ts";
import { type Network, setKernel } from "../support/network.ts";
import { exchangesOf } from "../support/relay_on_wire.ts";
import { runSipp, type SippOptions, startSipp } from "../support/sipp.ts";
import { HOME, PROVIDER, PROVIDER_NAME, ROUTER } from "./places.ts";
import {
  closeScenario,
  FAR_USER,
  openScenario,
  phoneNamed,
  type ScenarioBench,
} from "./scenario_bench.ts";
import {
  callCase,
  callCases,
  CASE_TIMEOUT_MS,
  judgements,
  type ScenarioFacts,
} from "./scenario_cases.ts";

const PHONE = "10.0.0.10" as const;
/** Life of an idle flow in the router's memory. */
const FLOW_SECONDS = 2;

const FACTS: ScenarioFacts = {
  user: "alice",
  registrar: "the provider",
  dialsOut: `sip:${FAR_USER}@${PROVIDER_NAME}`,
  dialsIn: `sip:alice@${PROVIDER_NAME}`,
  relayInside: { address: ROUTER, portLow: 7070, portHigh: 7089 },
  relayOutside: { portLow: 7070, portHigh: 7089 },
};

/** Before the first packet: a flow keeps the time that it began with. */
async function forgetFlowsSoon(network: Network): Promise<readonly []> {
  for (const name of ["udp_timeout", "udp_timeout_stream"]) {
    const setting = `net.netfilter.nf_conntrack_${name}=${FLOW_SECONDS}`;
    await setKernel(network.namespaceOf("router"), setting);
  }
  return [];
}

const CALL_AFTER_SILENCE: Case<ScenarioBench> = {
  name: "call in to a phone whose redirected flow is forgotten",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async (bench) => {
    await sleep((FLOW_SECONDS + 1) * 1000);
    const [caller, callee] = [phoneNamed(bench, FAR_USER), phoneNamed(bench, "alice")];
    await converse({ caller, callee, uri: FACTS.dialsIn, hangsUp: "callee" });
  },
};

/** A phone that does not ask for rport. */
function plainPhone(bench: ScenarioBench, scenario: string): SippOptions {
  return {
    scenario,
    namespace: bench.network.namespaceOf("phone"),
    address: PHONE,
    port: 5070,
    ...(scenario.startsWith("uas_") ? {} : { target: `${PROVIDER}:5060` }),
    user: "frank",
    keys: { domain: PROVIDER, rport: "" },
    timeoutSeconds: 15,
  };
}

/**
 * The worst case of a redirection: the daemon has just sent to the phone by a flow of its own, so
 * the phone's next redirected request cannot keep its source port. Only an answer to the port
 * that the daemon sees finds back through the redirection; that is what force_rport is for.
 */
const WITHOUT_RPORT: Case<ScenarioBench> = {
  name: "a phone that asks for no rport registers and is called, twice",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async (bench) => {
    await runSipp(plainPhone(bench, "register"));
    await sleep((FLOW_SECONDS + 1) * 1000);
    await callPlainPhone(bench);
    await runSipp(plainPhone(bench, "register"));
    await callPlainPhone(bench);
  },
};

async function callPlainPhone(bench: ScenarioBench): Promise<void> {
  const called = await startSipp(plainPhone(bench, "uas_busy"));
  try {
    const caller = phoneNamed(bench, FAR_USER);
    await caller.dial(`sip:frank@${PROVIDER_NAME}`);
    assert.match(await caller.waitFor("CALL_CLOSED"), /^486 /);
    await called.finish();
  } finally {
    await called.process.kill();
  }
}

/** Every answer from the socket that its request went to. */
const ANSWERS: Case<ScenarioBench> = {
  name: "every answer comes from the socket that the phone sent to",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async (bench) => {
    await bench.inside.stop();
    const exchanges = await exchangesOf(bench.inside, PHONE);
    const asked = (method: string): readonly string[] =>
      exchanges.filter((one) => one.method === method).map((one) => one.askedAt);
    assert.ok(asked("REGISTER").includes(`${PROVIDER}:5060`), "no REGISTER to the provider");
    assert.ok(asked("INVITE").includes(`${PROVIDER}:5060`), "no INVITE to the provider");
    assert.deepEqual(exchanges.filter((one) => one.askedAt !== one.answeredBy), []);
  },
};

/** A phone that believes to talk to its provider. */
export const TRANSPARENT: Suite = defineSuite<ScenarioBench>({
  name: "scenario 7.4 transparent proxy",
  setUp: () =>
    openScenario({
      name: "transparent",
      hosts: HOME,
      routers: { router: "ppp0" },
      daemons: [{
        host: "router",
        router: "router",
        file: "scenario_transparent",
        serves: { address: ROUTER, to: "phone" },
      }],
      start: forgetFlowsSoon,
      phones: [{ user: "alice", host: "phone", address: PHONE, domain: PROVIDER_NAME }],
      inside: "phone",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [
    ...callCases(FACTS),
    CALL_AFTER_SILENCE,
    callCase("call out right after a call in", {
      ...{ caller: "alice", callee: FAR_USER, uri: FACTS.dialsOut, hangsUp: "caller" },
    }),
    WITHOUT_RPORT,
    ANSWERS,
    ...judgements(FACTS),
  ],
});

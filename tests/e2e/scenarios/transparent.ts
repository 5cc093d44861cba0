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
import { setKernel } from "../support/network.ts";
import { exchangesOf } from "../support/relay_on_wire.ts";
import { HOME, PROVIDER, PROVIDER_NAME, ROUTER } from "./places.ts";
import { closeScenario, FAR_USER, openScenario, type ScenarioBench } from "./scenario_bench.ts";
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

const FORGET_FLOWS: Case<ScenarioBench> = {
  name: "the router forgets the phone's redirected flow",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async ({ network }) => {
    const namespace = network.namespaceOf("router");
    for (const name of ["udp_timeout", "udp_timeout_stream"]) {
      await setKernel(namespace, `net.netfilter.nf_conntrack_${name}=${FLOW_SECONDS}`);
    }
    await sleep((FLOW_SECONDS + 1) * 1000);
  },
};

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
      phones: [{ user: "alice", host: "phone", address: PHONE, domain: PROVIDER_NAME }],
      inside: "phone",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [
    ...callCases(FACTS),
    FORGET_FLOWS,
    callCase("call in to a phone whose flow is forgotten", {
      ...{ caller: FAR_USER, callee: "alice", uri: FACTS.dialsIn, hangsUp: "callee" },
    }),
    callCase("call out right after a call in", {
      ...{ caller: "alice", callee: FAR_USER, uri: FACTS.dialsOut, hangsUp: "caller" },
    }),
    ANSWERS,
    ...judgements(FACTS),
  ],
});

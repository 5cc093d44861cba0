/** Chapter 7.2 of the guide: phones of a provider, siproxd on the router is their outbound proxy. */

import { defineSuite, type Suite } from "../support/case.ts";
import { HOME, PROVIDER_NAME, ROUTER } from "./places.ts";
import { closeScenario, FAR_USER, openScenario, type ScenarioBench } from "./scenario_bench.ts";
import { callCases, judgements, type ScenarioFacts } from "./scenario_cases.ts";

const FACTS: ScenarioFacts = {
  user: "alice",
  registrar: "the provider",
  dialsOut: `sip:${FAR_USER}@${PROVIDER_NAME}`,
  dialsIn: `sip:alice@${PROVIDER_NAME}`,
  relayInside: { address: ROUTER, portLow: 7070, portHigh: 7089 },
  relayOutside: { portLow: 7070, portHigh: 7089 },
};

/** A phone with an outbound proxy behind the router. */
export const BEHIND_ROUTER: Suite = defineSuite<ScenarioBench>({
  name: "scenario 7.2 phone behind the router",
  setUp: () =>
    openScenario({
      name: "behind-router",
      hosts: HOME,
      routers: { router: "ppp0" },
      daemons: [{
        host: "router",
        router: "router",
        file: "scenario_behind_router",
        serves: { address: ROUTER, to: "phone" },
      }],
      phones: [{
        user: "alice",
        host: "phone",
        address: "10.0.0.10",
        domain: PROVIDER_NAME,
        outbound: ROUTER,
      }],
      inside: "phone",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [...callCases(FACTS), ...judgements(FACTS)],
});

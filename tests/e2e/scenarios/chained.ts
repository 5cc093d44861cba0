/**
 * Two routers in a row, both masquerading, each with a siproxd: the inner one sends everything to
 * the outer one by outbound_proxy_host and is a phone to it.
 *
 * @module
 */
import { defineSuite, type Suite } from "../support/case.ts";
import type { HostPlan } from "../support/network.ts";
import { homeHost, INTERNET, PROVIDER, PROVIDER_NAME, ROUTER, router } from "./places.ts";
import { closeScenario, FAR_USER, openScenario, type ScenarioBench } from "./scenario_bench.ts";
import { callCases, judgements, type ScenarioFacts } from "./scenario_cases.ts";

const OUTER = "192.168.1.1" as const;
const INNER_ROUTER: HostPlan = {
  kind: "forwards",
  interfaces: [
    { name: "eth0", address: `${ROUTER}/24`, network: "home" },
    { name: "eth1", address: "192.168.1.2/24", network: "between" },
  ],
  gateway: OUTER,
  nameServer: PROVIDER,
};

const FACTS: ScenarioFacts = {
  user: "alice",
  registrar: "the provider, by two daemons",
  dialsOut: `sip:${FAR_USER}@${PROVIDER_NAME}`,
  dialsIn: `sip:alice@${PROVIDER_NAME}`,
  relayInside: { address: ROUTER, portLow: 7070, portHigh: 7089 },
  relayOutside: { portLow: 7070, portHigh: 7089 },
};

/** A phone behind two daemons. */
export const CHAINED: Suite = defineSuite<ScenarioBench>({
  name: "scenario two chained daemons",
  setUp: () =>
    openScenario({
      name: "chained",
      hosts: {
        phone: homeHost("10.0.0.10"),
        inner: INNER_ROUTER,
        outer: router({ address: `${OUTER}/24`, network: "between" }),
        ...INTERNET,
      },
      routers: { inner: "eth1", outer: "ppp0" },
      daemons: [
        {
          host: "outer",
          router: "outer",
          file: "scenario_chained_outer",
          serves: { address: OUTER, to: "inner" },
        },
        {
          host: "inner",
          router: "inner",
          file: "scenario_chained",
          serves: { address: ROUTER, to: "phone" },
        },
      ],
      phones: [{
        user: "alice",
        host: "phone",
        address: "10.0.0.10",
        domain: PROVIDER_NAME,
        outbound: ROUTER,
      }],
      inside: "phone",
      outside: "outer",
    }),
  tearDown: closeScenario,
  cases: [...callCases(FACTS), ...judgements(FACTS)],
});

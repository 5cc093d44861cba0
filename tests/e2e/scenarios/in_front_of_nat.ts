/**
 * Chapter 7.3 of the guide: siproxd with one interface, beside a NAT router that forwards ports.
 *
 * The public address is a name that the daemon has to resolve. A second phone shows that a call
 * between two phones of the house, which goes by the provider, is joined inside.
 *
 * @module
 */
import { defineSuite, type Suite } from "../support/case.ts";
import { HOME, homeHost, PROVIDER_NAME } from "./places.ts";
import { closeScenario, FAR_USER, openScenario, type ScenarioBench } from "./scenario_bench.ts";
import {
  callCase,
  callCases,
  CASE_TIMEOUT_MS,
  judgements,
  registersWithDigest,
  type ScenarioFacts,
} from "./scenario_cases.ts";

/** The machine that runs siproxd, and nothing else. */
const BOX = "10.0.0.2" as const;

const FACTS: ScenarioFacts = {
  user: "alice",
  registrar: "the provider",
  dialsOut: `sip:${FAR_USER}@${PROVIDER_NAME}`,
  dialsIn: `sip:alice@${PROVIDER_NAME}`,
  relayInside: { address: BOX, portLow: 7070, portHigh: 7089 },
  relayOutside: { portLow: 7070, portHigh: 7089 },
};

/** One interface, a public address that is another machine's. */
export const IN_FRONT_OF_NAT: Suite = defineSuite<ScenarioBench>({
  name: "scenario 7.3 in front of a NAT router",
  setUp: () =>
    openScenario({
      name: "in-front-of-nat",
      hosts: { ...HOME, second: homeHost("10.0.0.11"), box: homeHost(BOX) },
      routers: { router: "ppp0" },
      daemons: [{
        host: "box",
        router: "router",
        file: "scenario_in_front_of_nat",
        serves: { address: BOX, to: "phone" },
      }],
      phones: [
        {
          user: "alice",
          host: "phone",
          address: "10.0.0.10",
          domain: PROVIDER_NAME,
          outbound: BOX,
        },
        { user: "bob", host: "second", address: "10.0.0.11", domain: PROVIDER_NAME, outbound: BOX },
      ],
      inside: "phone",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [
    ...callCases(FACTS),
    {
      name: "a second phone registers with digest",
      timeoutMs: CASE_TIMEOUT_MS,
      run: (bench) => registersWithDigest(bench, ["bob"]),
    },
    callCase("two phones of the house call each other by the provider", {
      caller: "alice",
      callee: "bob",
      uri: `sip:bob@${PROVIDER_NAME}`,
      hangsUp: "callee",
    }),
    ...judgements(FACTS),
  ],
});

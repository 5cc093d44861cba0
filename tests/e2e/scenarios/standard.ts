/**
 * Chapter 7.1 of the guide: siproxd on the router is itself the registrar of the phones.
 *
 * The phone's address is a name of the router's own, found by SRV and A; the far phone calls it
 * without any provider, and the phone calls the provider's user.
 *
 * @module
 */
import { defineSuite, type Suite } from "../support/case.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { HOME, HOME_NAME, PROVIDER_NAME, ROUTER } from "./places.ts";
import { closeScenario, FAR_USER, openScenario, type ScenarioBench } from "./scenario_bench.ts";
import { callCases, judgements, type ScenarioFacts } from "./scenario_cases.ts";

const FACTS: ScenarioFacts = {
  user: "johndoe",
  registrar: "siproxd",
  dialsOut: `sip:${FAR_USER}@${PROVIDER_NAME}`,
  dialsIn: `sip:johndoe@${HOME_NAME}`,
  relayInside: { address: ROUTER, portLow: 7070, portHigh: 7089 },
  relayOutside: { portLow: 7070, portHigh: 7089 },
};

/** The guide's registrar asks for no password; here it does. */
async function passwordLines(): Promise<string> {
  const file = `${await makeDirectory("passwords-standard")}/siproxd_passwd.cfg`;
  await Deno.writeTextFile(file, "johndoe pw-johndoe\n", { mode: 0o644 });
  return `proxy_auth_realm = ${HOME_NAME}\nproxy_auth_pwfile = ${file}\n`;
}

/** A phone that siproxd itself registers. */
export const STANDARD: Suite = defineSuite<ScenarioBench>({
  name: "scenario 7.1 standard",
  setUp: () =>
    openScenario({
      name: "standard",
      hosts: HOME,
      routers: { router: "ppp0" },
      daemons: [{
        host: "router",
        router: "router",
        file: "scenario_standard",
        serves: { address: ROUTER, to: "phone" },
        lines: passwordLines,
      }],
      phones: [{
        user: "johndoe",
        host: "phone",
        address: "10.0.0.10",
        domain: HOME_NAME,
        outbound: ROUTER,
      }],
      inside: "phone",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [...callCases(FACTS), ...judgements(FACTS)],
});

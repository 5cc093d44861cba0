/**
 * Chapter 7.5 of the guide: a PBX registers one account at a provider, a SIP trunk, and its
 * extension calls through it under its own name.
 *
 * As in the guide the PBX knows no outbound proxy: the router redirects its SIP, and its alone.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { startPbx } from "../support/pbx.ts";
import { HOME, homeHost, PBX_NAME, PROVIDER_NAME, ROUTER } from "./places.ts";
import {
  closeScenario,
  FAR_USER,
  openScenario,
  phoneNamed,
  type ScenarioBench,
} from "./scenario_bench.ts";
import { callCases, CASE_TIMEOUT_MS, judgements, type ScenarioFacts } from "./scenario_cases.ts";

const PBX = "10.0.0.11" as const;
const TRUNK = "trunk1" as const;

const FACTS: ScenarioFacts = {
  user: "201",
  registrar: "the PBX",
  dialsOut: `sip:${FAR_USER}@${PBX_NAME}`,
  dialsIn: `sip:${TRUNK}@${PROVIDER_NAME}`,
  relayInside: { address: ROUTER, portLow: 7070, portHigh: 7129 },
  relayOutside: { portLow: 7070, portHigh: 7129 },
};

const REGISTERED: Case<ScenarioBench> = {
  name: "the PBX registers its account with digest at the provider",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async ({ daemons }) => {
    await poll(async () => {
      const log = await daemons[0]?.log() ?? "";
      return log.includes(`reg.ok aor=sip:${TRUNK}@${PROVIDER_NAME}`) ? true : undefined;
    }, { what: "the registration of the PBX", timeoutMs: 20_000 });
  },
};

/** Whatever the extension is called, the call was admitted and its name arrived. */
const FROM: Case<ScenarioBench> = {
  name: "the far phone saw the extension's own From",
  timeoutMs: CASE_TIMEOUT_MS,
  run: async (bench) => {
    const log = await phoneNamed(bench, FAR_USER).log();
    assert.match(log, /^From: .*<?sip:201@/m);
    assert.match(log, new RegExp(`^Contact: .*@203\\.0\\.113\\.1`, "m"));
  },
};

/** A PBX with one extension. */
export const PBX_TRUNK: Suite = defineSuite<ScenarioBench>({
  name: "scenario 7.5 PBX with a trunk",
  setUp: () =>
    openScenario({
      name: "pbx-trunk",
      hosts: { ...HOME, pbx: homeHost(PBX) },
      routers: { router: "ppp0" },
      daemons: [{
        host: "router",
        router: "router",
        file: "scenario_pbx_trunk",
        serves: { address: ROUTER, to: "phone" },
      }],
      names: { [PBX_NAME]: PBX },
      start: (network) =>
        startPbx({
          namespace: network.namespaceOf("pbx"),
          address: PBX,
          trunk: TRUNK,
          provider: PROVIDER_NAME,
          extension: "201",
        }),
      phones: [{ user: "201", host: "phone", address: "10.0.0.10", domain: PBX_NAME }],
      inside: "router",
      outside: "router",
    }),
  tearDown: closeScenario,
  cases: [REGISTERED, ...callCases(FACTS), FROM, ...judgements(FACTS)],
});

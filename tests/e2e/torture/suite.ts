/**
 * RFC 4475's and RFC 5118's messages against the compiled daemon, in four settings, with a REGISTER after each.
 *
 * One namespace holds the daemon's two interfaces and the peers behind each, and a name server. What must come of each
 * message is in fixtures/torture.table, which the tests of the pure core read too. Called by tests/e2e/run.ts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { NAMES, SETTINGS } from "../../torture/settings.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { startScript } from "../support/echo.ts";
import { parseJson } from "../support/json.ts";
import { startNameServer } from "../support/name_server.ts";
import { addNamespace, inNamespace, removeNamespace, setNameServer } from "../support/namespace.ts";
import type { ManagedProcess } from "../support/process.ts";
import { startProxy } from "../support/proxy.ts";
import { TORTURE_PLACES } from "./places.ts";

interface Bench {
  readonly namespace: string;
  readonly names: ManagedProcess;
}

const FAR_ADDRESS = "198.51.100.10";
const SIDES = [
  { name: "lan0", own: "10.0.0.1/24", peer: "10.0.0.10" },
  { name: "wan0", own: "198.51.100.1/24", peer: FAR_ADDRESS },
] as const;

/** 61 messages and as many registrations need about a second; a machine may be busy. */
const CASE_TIMEOUT_MS = 120_000;

async function setUp(): Promise<Bench> {
  const namespace = await addNamespace("torture");
  for (const { name, own, peer } of SIDES) {
    await inNamespace(namespace, `link add ${name} type veth peer name ${name}p`);
    await inNamespace(namespace, `addr add ${own} dev ${name}`);
    await inNamespace(namespace, `addr add ${peer}/32 dev ${name}p`);
    await inNamespace(namespace, `link set ${name} up`);
    await inNamespace(namespace, `link set ${name}p up`);
  }
  await setNameServer(namespace, FAR_ADDRESS);
  const names = await startNameServer({
    namespace,
    address: FAR_ADDRESS,
    names: Object.fromEntries(NAMES.map((name) => [name, FAR_ADDRESS])),
    records: "addresses",
  });
  return { namespace, names };
}

async function tearDown({ namespace, names }: Bench): Promise<void> {
  await names.stop();
  await removeNamespace(namespace);
}

async function play(bench: Bench, setting: string): Promise<void> {
  const { namespace } = bench;
  const proxy = await startProxy({
    name: `torture-${setting}`,
    namespace,
    directives: {
      if_inbound: "lan0",
      if_outbound: "wan0",
      sip_listen_port: 5081,
      rtp_port_low: 17000,
      rtp_port_high: 17399,
      outbound_proxy_host: FAR_ADDRESS,
      outbound_proxy_port: 5060,
    },
    probe: { namespace, address: "10.0.0.1", port: 5081 },
  });
  const player = startScript({
    name: `torture-${setting}`,
    namespace,
    script: "../torture/inside.ts",
    args: [setting],
  });
  await player.exited;
  const log = await player.log();
  const isRunning = proxy.process.running;
  await proxy.stop();
  assert.deepEqual(parseJson(log.trim().split("\n").at(-1) ?? ""), { played: 61, wrong: [] });
  assert.equal(isRunning, true);
  assert.equal(TORTURE_PLACES.far.split(":")[0], FAR_ADDRESS);
}

/** One case a setting. */
export const TORTURE_SUITE: Suite = defineSuite<Bench>({
  name: "torture",
  setUp,
  tearDown,
  cases: SETTINGS.map(({ name }) => ({
    name: `RFC 4475 and RFC 5118 by ${name} (R11)`,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench: Bench) => play(bench, name),
  })),
});

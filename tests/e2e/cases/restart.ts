/** A power cut: what the daemon knew two seconds before must be known again after. */

import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { sleep } from "../support/command.ts";
import { startScript } from "../support/echo.ts";
import { isRecord, parseJson } from "../support/json.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, createTopology, type Topology } from "../support/namespace.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Proxy } from "../support/proxy.ts";

interface RestartBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly farm: ManagedProcess;
  readonly proxy: Proxy;
}

const PHONES = 100;
/** The daemon may lose its last second; two are what it is promised here. */
const SETTLE_MS = 2000;

async function setUp(): Promise<RestartBench> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const proxy = await startRouterProxy(topology, { name: "restart" });
  const farm = startScript({
    name: "farm",
    namespace: topology.lan1,
    script: "phone_farm.ts",
    args: [ADDRESSES.lan1, "20000", String(PHONES), `${ADDRESSES.rtrLan}:5060`, ADDRESSES.wan],
  });
  return { topology, provider, farm, proxy };
}

async function tearDown(bench: RestartBench): Promise<void> {
  await bench.farm.stop("SIGKILL");
  await bench.proxy.stop();
  await bench.provider.stop();
  await bench.topology.remove();
}

async function callAll(bench: RestartBench): Promise<void> {
  const caller = startScript({
    name: "farm-caller",
    namespace: bench.topology.wan2,
    script: "farm_caller.ts",
    args: [ADDRESSES.wan2, "5066", ADDRESSES.wan, String(PHONES)],
  });
  await caller.exited;
  const result = parseJson((await caller.log()).trim());
  assert.ok(isRecord(result));
  assert.deepEqual(result, { reached: PHONES, missed: [] });
}

/** kill -9 and start again with 100 phones. */
export const RESTART_SUITE: Suite = defineSuite<RestartBench>({
  name: "restart",
  setUp,
  tearDown,
  cases: [
    {
      name: `${PHONES} phones register and are reachable`,
      timeoutMs: 60_000,
      run: async (bench) => {
        const line = await bench.farm.waitForLog(/registered \d+/, 45_000);
        assert.equal(line, `registered ${PHONES}`);
        await callAll(bench);
      },
    },
    {
      name: `after kill -9 all ${PHONES} phones are reachable without a new REGISTER`,
      timeoutMs: 60_000,
      run: async (bench) => {
        await bench.farm.waitForLog(/registered \d+/, 45_000);
        await sleep(SETTLE_MS);
        await bench.proxy.kill();
        await bench.proxy.restart();
        await callAll(bench);
      },
    },
  ],
});

/** The Internet line goes down and comes back (row 74 of the behaviour matrix, with a real link). */

import { defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { startScript } from "../support/echo.ts";
import { startKamailio } from "../support/kamailio.ts";
import {
  ADDRESSES,
  createTopology,
  inNamespace,
  ROUTER_WAN,
  type Topology,
} from "../support/namespace.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Proxy } from "../support/proxy.ts";

interface OutageBench {
  readonly topology: Topology;
  readonly proxy: Proxy;
  readonly processes: readonly ManagedProcess[];
}

const PROXY_ADDRESS = `${ADDRESSES.rtrLan}:5060` as const;
const FAR_PHONE = `sip:far@${ADDRESSES.wan2}:5090` as const;
/** The daemon promises to notice within 5 s; one more try is allowed. */
const NOTICE_TIMEOUT_MS = 6500;

async function setUp(): Promise<OutageBench> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const responder = startScript({
    name: "responder",
    namespace: topology.wan2,
    script: "sip_responder.ts",
    args: [ADDRESSES.wan2, "5090"],
  });
  await responder.waitForLog(/responder ready/, 10_000);
  const proxy = await startRouterProxy(topology, { name: "outage" });
  const farm = startScript({
    name: "farm",
    namespace: topology.lan1,
    script: "phone_farm.ts",
    args: [ADDRESSES.lan1, "20000", "1", PROXY_ADDRESS, ADDRESSES.wan],
  });
  await farm.waitForLog(/registered 1/, 15_000);
  return { topology, proxy, processes: [farm, responder, provider] };
}

async function tearDown(bench: OutageBench): Promise<void> {
  await bench.proxy.stop();
  for (const process of bench.processes) await process.stop("SIGKILL");
  await bench.topology.remove();
}

async function waitForStatus(bench: OutageBench, status: string): Promise<void> {
  let last = "";
  await poll(async () => {
    const ask = startScript({
      name: "ask",
      namespace: bench.topology.lan1,
      script: "ask.ts",
      args: [ADDRESSES.lan1, "5071", PROXY_ADDRESS, FAR_PHONE],
    });
    await ask.exited;
    last = (await ask.log()).trim();
    return last.startsWith(`SIP/2.0 ${status} `) ? true : undefined;
  }, { what: `"${status}" for a request to the far phone`, timeoutMs: NOTICE_TIMEOUT_MS })
    .catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : error}; last "${last}"`);
    });
}

async function lineDown(bench: OutageBench): Promise<void> {
  const { rtr } = bench.topology;
  await waitForStatus(bench, "200");
  await inNamespace(rtr, `link set ${ROUTER_WAN} down`);
  await waitForStatus(bench, "503");
  await inNamespace(rtr, `link set ${ROUTER_WAN} up`);
  await inNamespace(rtr, `route add default via ${ADDRESSES.wan}`);
  await waitForStatus(bench, "200");
}

/** An outage of the Internet side. */
export const OUTAGE_SUITE: Suite = defineSuite<OutageBench>({
  name: "outage",
  setUp,
  tearDown,
  cases: [{
    name: "row 74: outbound link down: 503; back within 5 s",
    timeoutMs: 40_000,
    run: lineDown,
  }],
});

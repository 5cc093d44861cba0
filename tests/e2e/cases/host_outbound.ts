/**
 * host_outbound as a name: known before the daemon says that it serves, and no hindrance while it cannot be found.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startCapture } from "../support/capture.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { startScript } from "../support/echo.ts";
import { startKamailio } from "../support/kamailio.ts";
import { startNameServer } from "../support/name_server.ts";
import {
  ADDRESSES,
  createTopology,
  ROUTER_WAN,
  setNameServer,
  type Topology,
} from "../support/namespace.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Proxy } from "../support/proxy.ts";

interface NameBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
}

const NAME = "home.example.org";
const SHOWN = "198.51.100.77";
const FOUND = `host_outbound ${NAME} is ${SHOWN}`;
const LOST = `Cannot resolve host_outbound "${NAME}"`;
/** The daemon asks again every 5 s; the rest is for a busy machine. */
const FOUND_TIMEOUT_MS = 25_000;

async function setUp(): Promise<NameBench> {
  const topology = await createTopology("proxy");
  await setNameServer(topology.rtr, ADDRESSES.wan);
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  return { topology, provider };
}

async function tearDown(bench: NameBench): Promise<void> {
  await bench.provider.stop();
  await bench.topology.remove();
}

function nameServer({ topology }: NameBench): Promise<ManagedProcess> {
  const names = { [NAME]: SHOWN };
  return startNameServer({ namespace: topology.wan, address: ADDRESSES.wan, names });
}

/** Starts the daemon; it serves a little before it says that it has started. */
async function daemon({ topology }: NameBench): Promise<Proxy> {
  const directives = { host_outbound: NAME };
  const proxy = await startRouterProxy(topology, { name: "named", directives });
  await proxy.process.waitForLog(/ started/, FOUND_TIMEOUT_MS);
  return proxy;
}

/** Registers one phone through the daemon and gives the Contacts that the provider got. */
async function contactsOutside({ topology }: NameBench): Promise<readonly string[]> {
  const capture = await startCapture({
    name: "named-wan",
    namespace: topology.rtr,
    interfaceName: ROUTER_WAN,
  });
  const farm = startScript({
    name: "farm",
    namespace: topology.lan1,
    script: "phone_farm.ts",
    args: [ADDRESSES.lan1, "20000", "1", `${ADDRESSES.rtrLan}:5060`, ADDRESSES.wan],
  });
  await farm.waitForLog(/registered 1/, 15_000);
  await farm.stop("SIGKILL");
  await capture.stop();
  const packets = await capture.packets('sip.Method == "REGISTER"', ["sip.Contact"]);
  return packets.flatMap((packet) => packet["sip.Contact"] ?? []);
}

async function knownAtOnce(bench: NameBench): Promise<void> {
  const server = await nameServer(bench);
  const proxy = await daemon(bench);
  const log = await proxy.log();
  const contacts = await contactsOutside(bench);
  await proxy.stop();
  await server.stop();
  const [foundAt, startedAt] = [log.indexOf(FOUND), log.indexOf(" started")];
  assert.ok(foundAt >= 0 && foundAt < startedAt, `not found before the start: ${log}`);
  assert.ok(contacts.length > 0, "no REGISTER on the WAN");
  assert.deepEqual(contacts.filter((contact) => !contact.includes(SHOWN)), []);
}

async function foundLater(bench: NameBench): Promise<void> {
  const proxy = await daemon(bench);
  const before = await proxy.log();
  assert.equal(before.split(LOST).length, 2, `not one warning: ${before}`);
  assert.match(before, new RegExp(`peers outside are told ${ADDRESSES.rtrWan}`));
  const server = await nameServer(bench);
  await poll(
    async () => (await proxy.log()).includes(FOUND) ? true : undefined,
    { what: `"${FOUND}" in the log`, timeoutMs: FOUND_TIMEOUT_MS },
  );
  const contacts = await contactsOutside(bench);
  const after = await proxy.log();
  await proxy.stop();
  await server.stop();
  assert.equal(after.split(LOST).length, 2, `warned again: ${after}`);
  assert.deepEqual(contacts.filter((contact) => !contact.includes(SHOWN)), []);
}

/** Names as host_outbound. */
export const HOST_OUTBOUND_SUITE: Suite = defineSuite<NameBench>({
  name: "host_outbound by name",
  setUp,
  tearDown,
  cases: [
    {
      name: "known before the daemon says that it has started",
      timeoutMs: 60_000,
      run: knownAtOnce,
    },
    {
      name: "no name server at the start: one warning, it serves, and finds the name later",
      timeoutMs: 90_000,
      run: foundLater,
    },
  ],
});

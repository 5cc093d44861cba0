/**
 * Proxies that keep themselves in the route of a call: one between the phones and the daemon, one between the daemon
 * and the callee (RFC 3261 §16.6 step 4, §12.2).
 *
 * alice and bob register through the office's proxy, which refuses any request of a call that does not come by the
 * call's route set; carol is a phone of the provider, which record-routes too.
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertHeardEachOther, countsBefore } from "../support/audio.ts";
import { type Phone, startPhone } from "../support/baresip.ts";
import { type Capture, startCapture } from "../support/capture.ts";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll, sleep } from "../support/command.ts";
import { connect, converse, hangUp, TALK_SECONDS } from "../support/conversation.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, createTopology, ROUTER_WAN, type Topology } from "../support/namespace.ts";
import { startOfficeProxy } from "../support/office_proxy.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Proxy } from "../support/proxy.ts";
import { assertNoPrivateAddress } from "../support/wan_privacy.ts";

type User = "alice" | "bob" | "carol";

interface RouteBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly office: ManagedProcess;
  readonly proxy: Proxy;
  readonly phones: Readonly<Record<User, Phone>>;
  readonly wanCapture: Capture;
}

const CASE_TIMEOUT_MS = 45_000;

async function setUp(): Promise<RouteBench> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const wanCapture = await startCapture({
    name: "routes-wan",
    namespace: topology.rtr,
    interfaceName: ROUTER_WAN,
  });
  const proxy = await startRouterProxy(topology, { name: "routes" });
  const office = await startOfficeProxy({
    namespace: topology.lan2,
    address: ADDRESSES.lan2,
    daemon: ADDRESSES.rtrLan,
  });
  const phones = {
    alice: await phoneAt(topology, { user: "alice", place: "lan1", slot: 0 }),
    bob: await phoneAt(topology, { user: "bob", place: "lan1", slot: 1 }),
    carol: await phoneAt(topology, { user: "carol", place: "wan2", slot: 0 }),
  };
  return { topology, provider, office, proxy, phones, wanCapture };
}

async function phoneAt(
  topology: Topology,
  plan: { readonly user: User; readonly place: "lan1" | "wan2"; readonly slot: 0 | 1 },
): Promise<Phone> {
  const { user, place, slot } = plan;
  return await startPhone({
    user,
    namespace: topology[place],
    address: ADDRESSES[place],
    sipPort: 5060 + 2 * slot,
    controlPort: 4444 + slot,
    rtpPortLow: 30_000 + 1_000 * slot,
    domain: ADDRESSES.wan,
    ...(place === "lan1" ? { outbound: `${ADDRESSES.lan2}:5060` } : {}),
    answer: "auto",
    media: "audio",
  });
}

async function tearDown(bench: RouteBench): Promise<void> {
  for (const phone of Object.values(bench.phones)) await phone.stop();
  await bench.proxy.stop();
  await bench.office.stop();
  await bench.provider.stop();
  await bench.wanCapture.stop();
  await bench.topology.remove();
}

function callCase(
  name: string,
  plan: { readonly caller: User; readonly callee: User; readonly hangsUp: "caller" | "callee" },
): Case<RouteBench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: async ({ phones }) => {
      const { hangsUp } = plan;
      await converse({ caller: phones[plan.caller], callee: phones[plan.callee], hangsUp });
    },
  };
}

/** One side holds and takes the call back: two re-INVITEs, each of which the other side must see. */
function holdCase(
  name: string,
  plan: { readonly caller: User; readonly callee: User; readonly holder: User },
): Case<RouteBench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: async ({ phones }) => {
      const caller = phones[plan.caller];
      const callee = phones[plan.callee];
      const holder = phones[plan.holder];
      const held = holder === caller ? callee : caller;
      const before = await countsBefore([caller, callee]);
      const linesBefore = (await held.log()).length;
      await connect({ caller, callee });
      await holder.command("hold");
      await poll(
        async () => /a=recvonly/.test((await held.log()).slice(linesBefore)) ? true : undefined,
        { what: `the hold at ${held.options.user}`, timeoutMs: 10_000 },
      );
      await holder.command("resume");
      await sleep(TALK_SECONDS * 1000);
      await hangUp({ caller, callee, hangsUp: "callee" });
      await assertHeardEachOther(before, { seconds: TALK_SECONDS });
    },
  };
}

/** The routes on the Internet side are those of the provider alone. */
async function assertNoInnerRoute(capture: Capture): Promise<void> {
  const fields = ["sip.Record-Route", "sip.Route"];
  const packets = await capture.packets("sip.Record-Route || sip.Route", fields);
  const routes = packets.flatMap((packet) => fields.flatMap((field) => packet[field] ?? []));
  assert.ok(routes.length > 10, `only ${routes.length} routes on the WAN: nothing to judge`);
  assert.deepEqual(routes.filter((route) => !route.includes(ADDRESSES.wan)), []);
}

const CASES: readonly Case<RouteBench>[] = [
  {
    name: "phones register with digest through the office's proxy",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async ({ phones }) => {
      for (const phone of Object.values(phones)) await phone.waitRegistered(15_000);
    },
  },
  callCase("call out, BYE from the phone", { caller: "alice", callee: "carol", hangsUp: "caller" }),
  callCase("call out, BYE from outside", { caller: "alice", callee: "carol", hangsUp: "callee" }),
  callCase("call in, BYE from outside", { caller: "carol", callee: "bob", hangsUp: "caller" }),
  callCase("call in, BYE from the phone", { caller: "carol", callee: "alice", hangsUp: "callee" }),
  holdCase("call out, re-INVITEs of the phone", {
    caller: "alice",
    callee: "carol",
    holder: "alice",
  }),
  holdCase("call out, re-INVITEs from outside", {
    caller: "alice",
    callee: "carol",
    holder: "carol",
  }),
  holdCase("call in, re-INVITEs of the phone", { caller: "carol", callee: "bob", holder: "bob" }),
  holdCase("call in, re-INVITEs from outside", {
    caller: "carol",
    callee: "bob",
    holder: "carol",
  }),
  callCase("two phones of the office", { caller: "alice", callee: "bob", hangsUp: "callee" }),
  {
    name: "the WAN saw neither a private address nor the office's proxy in a route",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async ({ wanCapture }) => {
      await wanCapture.stop();
      await assertNoPrivateAddress(wanCapture);
      await assertNoInnerRoute(wanCapture);
    },
  },
];

/** Record-routing proxies on both sides of the daemon. */
export const RECORD_ROUTE_SUITE: Suite = defineSuite({
  name: "record routes",
  setUp,
  tearDown,
  cases: CASES,
});

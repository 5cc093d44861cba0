/**
 * Media in the kernel by IPv6; what has two families stays with the daemon.
 *
 * Bob is a phone of IPv6 on the LAN, alice one of IPv4, carol one of IPv6 on the Internet.
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertHeardEachOther, countsBefore } from "../support/audio.ts";
import { type Phone, startPhone } from "../support/baresip.ts";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { mustRun, sleep } from "../support/command.ts";
import { connect, hangUp } from "../support/conversation.ts";
import { ADDRESSES6, createDualStack } from "../support/dual_stack.ts";
import { hostOf } from "../support/ip_text.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, type Topology } from "../support/namespace.ts";
import { ruleset } from "../support/nft.ts";
import {
  kernelStreams,
  type Place,
  streamsOf,
  turnForwardingOn,
  waitForKernel,
} from "../support/offload.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";

type User = "alice" | "bob" | "carol";

interface Ipv6OffloadBench extends Place {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly phones: Readonly<Record<User, Phone>>;
}

const TALK_SECONDS = 3;

const HOMES = {
  alice: { place: "lan1", address: ADDRESSES.lan1, outbound: ADDRESSES.rtrLan },
  bob: { place: "lan2", address: ADDRESSES6.lan2, outbound: ADDRESSES6.rtrLan },
  carol: { place: "wan2", address: ADDRESSES6.wan2, outbound: undefined },
} as const;

async function setUp(): Promise<Ipv6OffloadBench> {
  const topology = await createDualStack();
  const router = topology.rtr;
  await turnForwardingOn(router);
  const forward = "net.ipv6.conf.all.forwarding=1";
  await mustRun("ip", ["netns", "exec", router, "sysctl", "-qw", forward]);
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES6.wan });
  const directives = { media_offload: "nftables", rtp_dscp: 46 };
  const proxy = await startRouterProxy(topology, { name: "offload-ipv6", directives });
  const [alice, bob, carol] = await Promise.all(
    (["alice", "bob", "carol"] as const).map((user) => startUser(user, topology)),
  );
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error("No phones");
  for (const one of [alice, bob, carol]) await one.waitRegistered(15_000);
  return { topology, router, provider, proxy, phones: { alice, bob, carol } };
}

async function startUser(user: User, topology: Topology): Promise<Phone> {
  const { place, address, outbound } = HOMES[user];
  return await startPhone({
    user,
    namespace: topology[place],
    address,
    sipPort: 5060,
    controlPort: 4444,
    rtpPortLow: 30_000,
    domain: hostOf(ADDRESSES6.wan),
    ...(outbound === undefined ? {} : { outbound: `${hostOf(outbound)}:5060` }),
    answer: "auto",
    media: "audio",
  });
}

async function tearDown(bench: Ipv6OffloadBench): Promise<void> {
  for (const phone of Object.values(bench.phones)) await phone.stop();
  await bench.proxy.stop();
  await bench.provider.stop();
  await bench.topology.remove();
}

/** Somebody calls carol; something is looked at while they talk. */
async function callFrom(
  { phones }: Ipv6OffloadBench,
  talk: { readonly caller: User; readonly meanwhile: () => Promise<void> },
): Promise<void> {
  const plan = { caller: phones[talk.caller], callee: phones.carol };
  const before = await countsBefore([plan.caller, plan.callee]);
  await connect(plan);
  await sleep(TALK_SECONDS * 1000);
  await talk.meanwhile();
  await hangUp({ ...plan, hangsUp: "caller" });
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

const CASES: readonly Case<Ipv6OffloadBench>[] = [
  {
    name: "a call between two of IPv6 is relayed by the kernel, and counted",
    timeoutMs: 60_000,
    run: async (bench) =>
      await callFrom(bench, {
        caller: "bob",
        meanwhile: async () => {
          await waitForKernel(bench, 1);
          assert.match(await ruleset(bench.router), /table ip6 siproxd_\d+ \{/);
          const [stream] = await streamsOf(bench);
          assert.equal(stream?.relay, "kernel");
          assert.ok((stream?.fromPhone.packets ?? 0) > 100, JSON.stringify(stream));
        },
      }),
  },
  {
    name: "a call between IPv4 and IPv6 stays with the daemon",
    timeoutMs: 60_000,
    run: async (bench) =>
      await callFrom(bench, {
        caller: "alice",
        meanwhile: async () => assert.equal(await kernelStreams(bench), 0),
      }),
  },
];

/** Media in the kernel by IPv6. */
export const OFFLOAD_IPV6_SUITE: Suite = defineSuite({
  name: "offload ipv6",
  setUp,
  tearDown,
  cases: CASES,
});

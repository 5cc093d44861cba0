/**
 * The bench of the suites about media in the kernel: a router that forwards, its daemon, three phones.
 *
 * Alice and bob are phones on the LAN, carol one on the Internet.
 *
 * @module
 */
import { assertHeardEachOther, countsBefore } from "./audio.ts";
import { type Phone, startPhone } from "./baresip.ts";
import { type Capture, startCapture } from "./capture.ts";
import { sleep } from "./command.ts";
import { connect, hangUp } from "./conversation.ts";
import { startKamailio } from "./kamailio.ts";
import { ADDRESSES, createTopology, type Topology } from "./namespace.ts";
import { type Place, turnForwardingOn, waitForKernel, waitForNothing } from "./offload.ts";
import { startRouterProxy } from "./phone_bench.ts";
import type { Directives } from "./proxy.ts";
import type { ManagedProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** What the cases about media in the kernel share. */
export interface OffloadBench extends Place {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly phones: Readonly<Record<User, Phone>>;
  readonly farCapture: Capture;
  readonly nearCapture: Capture;
  /** The daemon's file, in a folder that any user may write to. */
  readonly registrations: string;
}

/** The three phones. */
export type User = "alice" | "bob" | "carol";

const PLACES = { alice: "lan1", bob: "lan2", carol: "wan2" } as const;
const TALK_SECONDS = 3;

/** Starts everything, by further directives; the phones are registered when it returns. */
export async function openOffloadBench(further: Directives = {}): Promise<OffloadBench> {
  const topology = await createTopology("proxy");
  await turnForwardingOn(topology.rtr);
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const record = (name: string, namespace: string) =>
    startCapture({ name: `offload-${name}`, namespace, interfaceName: "eth0" });
  const farCapture = await record("far", topology.wan2);
  const nearCapture = await record("near", topology.lan1);
  const folder = await makeDirectory("offload-user");
  await Deno.chmod(folder, 0o777);
  const registrations = `${folder}/registrations`;
  const directives = {
    media_offload: "nftables",
    rtp_dscp: 46,
    registration_file: registrations,
    ...further,
  };
  const proxy = await startRouterProxy(topology, { name: "offload", directives });
  const [alice, bob, carol] = await Promise.all([
    startPhone(phone(topology, "alice")),
    startPhone(phone(topology, "bob")),
    startPhone(phone(topology, "carol")),
  ]);
  for (const one of [alice, bob, carol]) await one.waitRegistered(15_000);
  const phones = { alice, bob, carol };
  const rest = { farCapture, nearCapture, registrations };
  return { topology, router: topology.rtr, provider, proxy, phones, ...rest };
}

function phone(topology: Topology, user: User): Parameters<typeof startPhone>[0] {
  const place = PLACES[user];
  return {
    user,
    namespace: topology[place],
    address: ADDRESSES[place],
    sipPort: 5060,
    controlPort: 4444,
    rtpPortLow: 30_000,
    domain: ADDRESSES.wan,
    ...(place === "wan2" ? {} : { outbound: `${ADDRESSES.rtrLan}:5060` }),
    answer: "auto",
    media: "audio",
  };
}

/** Ends everything. */
export async function closeOffloadBench(bench: OffloadBench): Promise<void> {
  for (const one of Object.values(bench.phones)) await one.stop();
  await bench.proxy.stop();
  await bench.provider.stop();
  for (const one of [bench.farCapture, bench.nearCapture]) await one.stop();
  await bench.topology.remove();
}

/** Alice calls carol; something is done while both talk, and both must have heard each other. */
export async function callCarol(
  bench: OffloadBench,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await converse({ caller: bench.phones.alice, callee: bench.phones.carol }, meanwhile);
}

/** Alice calls bob, who has his telephone on the same side. */
export async function callBob(
  bench: OffloadBench,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await converse({ caller: bench.phones.alice, callee: bench.phones.bob }, meanwhile);
}

/** Hold takes the media back from the kernel, resume hands it over again, and nothing is left behind. */
export async function holdAndResume(bench: OffloadBench): Promise<void> {
  await callCarol(bench, async () => {
    await waitForKernel(bench, 1);
    await bench.phones.alice.command("hold");
    await waitForKernel(bench, 0);
    await bench.phones.alice.command("resume");
    await waitForKernel(bench, 1);
  });
  await waitForNothing(bench.router);
}

async function converse(
  plan: { readonly caller: Phone; readonly callee: Phone },
  meanwhile: () => Promise<void>,
): Promise<void> {
  const before = await countsBefore([plan.caller, plan.callee]);
  await connect(plan);
  await meanwhile();
  await sleep(TALK_SECONDS * 1000);
  await hangUp({ ...plan, hangsUp: "caller" });
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

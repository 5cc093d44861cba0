/**
 * The bench of the phone suites: provider, proxy, phones and recordings of both sides.
 *
 * Sets up and takes down what the cases share. The same phones can also run without the proxy
 * (`path: "direct"`, the router then routes), which shows whether the peers themselves are well.
 * Called by the suites in cases/.
 *
 * @module
 */
import { type Phone, type PhoneOptions, startPhone } from "./baresip.ts";
import { type Capture, startCapture } from "./capture.ts";
import { sleep } from "./command.ts";
import { startKamailio } from "./kamailio.ts";
import { ADDRESSES, createTopology, ROUTER_LAN, ROUTER_WAN, type Topology } from "./namespace.ts";
import { type Directives, type Proxy, startProxy } from "./proxy.ts";
import type { ManagedProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** `proxy`: everything through the daemon; `direct`: peers alone over a routing router. */
export type MediaPath = "proxy" | "direct";

/** The path of this run: SIPROXD_BIN=none tries the peers and the cases without the daemon. */
export function pathOfRun(): MediaPath {
  return Deno.env.get("SIPROXD_BIN") === "none" ? "direct" : "proxy";
}

/** What a case of a phone suite works with. */
export interface PhoneBench {
  readonly path: MediaPath;
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly proxy: Proxy | undefined;
  readonly phones: ReadonlyMap<string, Phone>;
  readonly lanCapture: Capture;
  readonly wanCapture: Capture;
}

/** Where a phone of a suite lives. */
export interface PhonePlan {
  readonly user: string;
  readonly place: "lan1" | "lan2" | "wan2";
  readonly answer: "auto" | "manual";
  /** 0 for the first phone of a place, 1 for the second. */
  readonly slot: 0 | 1;
}

/** What a suite wants. */
export interface BenchPlan {
  readonly name: string;
  readonly path: MediaPath;
  readonly media: "audio" | "audio+video";
  readonly phones: readonly PhonePlan[];
}

/** Directives of a daemon in the router of a topology. */
export async function routerDirectives(name: string): Promise<Directives> {
  const directory = await makeDirectory(`state-${name}`);
  return {
    if_inbound: ROUTER_LAN,
    if_outbound: ROUTER_WAN,
    sip_listen_port: 5060,
    daemonize: 0,
    silence_log: 0,
    registration_file: `${directory}/registrations`,
    autosave_registrations: 300,
    rtp_port_low: 7070,
    rtp_port_high: 7089,
    rtp_timeout: 300,
    default_expires: 600,
  };
}

/** Starts the daemon in a topology's router. */
export async function startRouterProxy(
  topology: Topology,
  options: { readonly name: string; readonly directives?: Directives },
): Promise<Proxy> {
  return await startProxy({
    name: options.name,
    namespace: topology.rtr,
    directives: { ...await routerDirectives(options.name), ...options.directives },
    probe: { namespace: topology.lan1, address: ADDRESSES.rtrLan, port: 5060 },
  });
}

/** Starts everything; phones are registered when it returns. */
export async function openPhoneBench(plan: BenchPlan): Promise<PhoneBench> {
  const topology = await createTopology(plan.path === "direct" ? "routed" : "proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const wanCapture = await startCapture({
    name: `${plan.name}-wan`,
    namespace: topology.rtr,
    interfaceName: ROUTER_WAN,
  });
  const lanCapture = await startCapture({
    name: `${plan.name}-lan`,
    namespace: topology.rtr,
    interfaceName: ROUTER_LAN,
  });
  const proxy = plan.path === "direct"
    ? undefined
    : await startRouterProxy(topology, { name: plan.name });
  const phones: Map<string, Phone> = new Map();
  for (const one of plan.phones) {
    phones.set(one.user, await startPhone(phoneOptions(plan, { phone: one, topology })));
  }
  return { path: plan.path, topology, provider, proxy, phones, lanCapture, wanCapture };
}

/** Ends everything of a bench. */
export async function closePhoneBench(bench: PhoneBench): Promise<void> {
  for (const phone of bench.phones.values()) await phone.stop();
  await bench.proxy?.stop();
  await bench.provider.stop();
  await bench.lanCapture.stop();
  await bench.wanCapture.stop();
  await bench.topology.remove();
}

/** A phone of the bench by its user. */
export function phoneOf(bench: PhoneBench, user: string): Phone {
  const phone = bench.phones.get(user);
  if (phone === undefined) throw new Error(`Cannot find phone "${user}": not in the bench`);
  return phone;
}

/** Lets both sides talk for a while. */
export async function talk(durationMs: number): Promise<void> {
  await sleep(durationMs);
}

function phoneOptions(
  plan: BenchPlan,
  where: { readonly phone: PhonePlan; readonly topology: Topology },
): PhoneOptions {
  const { phone, topology } = where;
  const inside = phone.place !== "wan2";
  return {
    user: phone.user,
    namespace: topology[phone.place],
    address: ADDRESSES[phone.place],
    sipPort: 5060 + 2 * phone.slot,
    controlPort: 4444 + phone.slot,
    rtpPortLow: 30000 + 1000 * phone.slot,
    domain: ADDRESSES.wan,
    ...(inside && plan.path === "proxy" ? { outbound: `${ADDRESSES.rtrLan}:5060` } : {}),
    answer: phone.answer,
    media: plan.media,
  };
}

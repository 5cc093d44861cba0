/**
 * One daemon whose sides have both families, between two providers, one by IPv4 and one by IPv6.
 *
 * | user | phone | registered at |
 * | --- | --- | --- |
 * | alice | inside, IPv4 | the IPv6 provider |
 * | bob | inside, IPv6 | the IPv4 provider |
 * | erin | inside, IPv6, over TCP | the IPv6 provider |
 * | frank | inside, IPv4 | the IPv4 provider |
 * | carol | outside, IPv6 | the IPv6 provider |
 * | dave | outside, IPv4 | the IPv4 provider |
 *
 * It judges nothing. Called by the suite that is about IPv6.
 *
 * @module
 */
import { type Phone, startPhone } from "./baresip.ts";
import { type Capture, startCapture } from "./capture.ts";
import { ADDRESSES6, createDualStack } from "./dual_stack.ts";
import { hostOf } from "./ip_text.ts";
import { startKamailio } from "./kamailio.ts";
import { startNameServer } from "./name_server.ts";
import { ADDRESSES, ROUTER_LAN, ROUTER_WAN, setNameServer, type Topology } from "./namespace.ts";
import { startRouterProxy } from "./phone_bench.ts";
import type { ManagedProcess } from "./process.ts";
import type { Proxy } from "./proxy.ts";

/** What the cases share. */
export interface Ipv6Bench {
  readonly topology: Topology;
  /** With the name server. */
  readonly providers: readonly ManagedProcess[];
  readonly proxy: Proxy;
  readonly phones: ReadonlyMap<string, Phone>;
  readonly lanCapture: Capture;
  readonly wanCapture: Capture;
}

/** Where a user's phone is and whom it knows. */
export interface PhonePlan {
  readonly place: "lan1" | "lan2" | "wan2";
  readonly family: 4 | 6;
  readonly provider: 4 | 6;
  readonly transport: "udp" | "tcp";
}

/** A name with an SRV record and addresses of both families, one a provider's each. */
export const BOTH_PROVIDERS = "pbx.example.org";

/** Who is who. */
export const PHONES: Readonly<Record<string, PhonePlan>> = {
  alice: { place: "lan1", family: 4, provider: 6, transport: "udp" },
  bob: { place: "lan2", family: 6, provider: 4, transport: "udp" },
  erin: { place: "lan1", family: 6, provider: 6, transport: "tcp" },
  frank: { place: "lan2", family: 4, provider: 4, transport: "udp" },
  carol: { place: "wan2", family: 6, provider: 6, transport: "udp" },
  dave: { place: "wan2", family: 4, provider: 4, transport: "udp" },
};

/** Starts everything; phones are registering when it returns. */
export async function openIpv6Bench(): Promise<Ipv6Bench> {
  const topology = await createDualStack();
  const providers = [
    await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan }),
    await startKamailio({ namespace: topology.wan, address: ADDRESSES6.wan }),
  ];
  const names = await startNameServer({
    namespace: topology.wan,
    address: ADDRESSES.wan,
    names: { [BOTH_PROVIDERS]: `${ADDRESSES.wan},${ADDRESSES6.wan}` },
  });
  await setNameServer(topology.rtr, ADDRESSES.wan);
  const record = (name: string, interfaceName: string) =>
    startCapture({ name: `ipv6-${name}`, namespace: topology.rtr, interfaceName });
  const lanCapture = await record("lan", ROUTER_LAN);
  const wanCapture = await record("wan", ROUTER_WAN);
  const proxy = await startRouterProxy(topology, { name: "ipv6" });
  const phones = new Map<string, Phone>();
  for (const user of Object.keys(PHONES)) phones.set(user, await startUser(user, topology));
  return { topology, providers: [...providers, names], proxy, phones, lanCapture, wanCapture };
}

/** Ends everything. */
export async function closeIpv6Bench(bench: Ipv6Bench): Promise<void> {
  for (const phone of bench.phones.values()) await phone.stop();
  await bench.proxy.stop();
  for (const provider of bench.providers) await provider.stop();
  await bench.lanCapture.stop();
  await bench.wanCapture.stop();
  await bench.topology.remove();
}

async function startUser(user: string, topology: Topology): Promise<Phone> {
  const plan = planOf(user);
  const { place, family, provider, transport } = plan;
  const own = family === 6 ? ADDRESSES6 : ADDRESSES;
  const domain = hostOf(provider === 6 ? ADDRESSES6.wan : ADDRESSES.wan);
  // Two phones of a place have ports of their own.
  const slot = family === 6 ? 1 : 0;
  return await startPhone({
    user,
    namespace: topology[place],
    address: own[place],
    sipPort: 5060 + 2 * slot,
    controlPort: 4444 + slot,
    rtpPortLow: 30000 + 1000 * slot,
    domain,
    ...(place === "wan2" ? {} : { outbound: `${hostOf(own.rtrLan)}:5060` }),
    answer: "auto",
    media: "audio",
    transport,
  });
}

/** The plan of a user. */
export function planOf(user: string): PhonePlan {
  const plan = PHONES[user];
  if (plan === undefined) throw new Error(`Cannot find user "${user}": not in the plan`);
  return plan;
}

/** The phone of a user. */
export function phoneOf(bench: Ipv6Bench, user: string): Phone {
  const phone = bench.phones.get(user);
  if (phone === undefined) throw new Error(`Cannot find phone "${user}": not in the bench`);
  return phone;
}

/**
 * The bench of a scenario: hosts, masquerading routers, provider, daemons, phones, recordings.
 *
 * A daemon's configuration is the scenario's file of fixtures/config, and its router gets the
 * firewall lines that this file tells its reader to type. It judges nothing. Called by the suites
 * of this folder.
 *
 * @module
 */
import { type Phone, startPhone } from "../support/baresip.ts";
import { type Capture, startCapture } from "../support/capture.ts";
import { addFirewallRules, firewallCommands, startMasquerading } from "../support/firewall.ts";
import { startKamailio } from "../support/kamailio.ts";
import { startNameServer } from "../support/name_server.ts";
import { buildNetwork, type Network, type NetworkPlan } from "../support/network.ts";
import type { ManagedProcess } from "../support/process.ts";
import { type Proxy, startProxy } from "../support/proxy.ts";
import { readScenario, runnableScenario, withValues } from "../support/scenario_file.ts";
import { FAR, HOME_NAME, PROVIDER, PROVIDER_NAME, PUBLIC } from "./places.ts";

/** One daemon. */
export interface DaemonPlan {
  /** Host that it runs on. */
  readonly host: string;
  /** Router that needs the firewall lines of its file. */
  readonly router: string;
  /** Name in fixtures/config without `.conf`. */
  readonly file: string;
  /** Where phones send to, and a host that asks there whether it serves. */
  readonly serves: { readonly address: string; readonly to: string };
  /** Directives with values of this network. */
  readonly values?: Readonly<Record<string, string>>;
  /** Lines that the file does not have. */
  readonly lines?: () => Promise<string>;
}

/** One phone inside. */
export interface ScenarioPhone {
  readonly user: string;
  readonly host: string;
  readonly address: string;
  readonly domain: string;
  readonly outbound?: string;
}

/** What a scenario consists of. */
export interface ScenarioPlan {
  readonly name: string;
  readonly hosts: NetworkPlan;
  /** Masquerading routers, each with the name of its outer interface. */
  readonly routers: Readonly<Record<string, string>>;
  readonly daemons: readonly DaemonPlan[];
  /** Names beside those of the provider and of the house. */
  readonly names?: Readonly<Record<string, string>>;
  /** Started before the phones. */
  readonly start?: (network: Network) => Promise<readonly ManagedProcess[]>;
  readonly phones: readonly ScenarioPhone[];
  /** Host whose eth0 is recorded as the inside. */
  readonly inside: string;
  /** Router whose ppp0 is recorded as the outside. */
  readonly outside: string;
}

/** What a case of a scenario works with. */
export interface ScenarioBench {
  readonly network: Network;
  readonly daemons: readonly Proxy[];
  readonly processes: readonly ManagedProcess[];
  readonly phones: ReadonlyMap<string, Phone>;
  readonly inside: Capture;
  readonly outside: Capture;
}

/** User of the phone somewhere in the Internet. */
export const FAR_USER = "carol" as const;

/** Starts everything; the phones may still be registering when it returns. */
export async function openScenario(plan: ScenarioPlan): Promise<ScenarioBench> {
  const network = await buildNetwork(plan.hosts);
  for (const [host, outside] of Object.entries(plan.routers)) {
    await startMasquerading(network.namespaceOf(host), { inside: "eth0", outside });
  }
  const provider = network.namespaceOf("provider");
  const processes = [
    await startNameServer({
      namespace: provider,
      address: PROVIDER,
      names: { [PROVIDER_NAME]: PROVIDER, [HOME_NAME]: PUBLIC, ...plan.names },
    }),
    await startKamailio({ namespace: provider, address: PROVIDER }),
  ];
  const inside = await record(network, { host: plan.inside, interfaceName: "eth0", plan });
  const outside = await record(network, { host: plan.outside, interfaceName: "ppp0", plan });
  const daemons: Proxy[] = [];
  for (const daemon of plan.daemons) daemons.push(await startDaemon(network, { daemon, plan }));
  processes.push(...await plan.start?.(network) ?? []);
  const phones: Map<string, Phone> = new Map();
  const farPhone = { user: FAR_USER, host: "far", address: FAR, domain: PROVIDER_NAME };
  for (const phone of [farPhone, ...plan.phones]) {
    phones.set(phone.user, await startOne(network, phone));
  }
  return { network, daemons, processes, phones, inside, outside };
}

/** Ends everything. */
export async function closeScenario(bench: ScenarioBench): Promise<void> {
  for (const phone of bench.phones.values()) await phone.stop();
  for (const daemon of bench.daemons) await daemon.stop();
  for (const process of bench.processes) await process.stop();
  await bench.inside.stop();
  await bench.outside.stop();
  await bench.network.remove();
}

/** A phone of the bench by its user. */
export function phoneNamed(bench: ScenarioBench, user: string): Phone {
  const phone = bench.phones.get(user);
  if (phone === undefined) throw new Error(`Cannot find phone "${user}": not in the bench`);
  return phone;
}

async function record(
  network: Network,
  what: { readonly host: string; readonly interfaceName: string; readonly plan: ScenarioPlan },
): Promise<Capture> {
  const { host, interfaceName, plan } = what;
  const name = `${plan.name.replaceAll(/\W+/g, "-")}-${host}-${interfaceName}`;
  return await startCapture({ name, namespace: network.namespaceOf(host), interfaceName });
}

async function startDaemon(
  network: Network,
  what: { readonly daemon: DaemonPlan; readonly plan: ScenarioPlan },
): Promise<Proxy> {
  const { daemon } = what;
  const file = await readScenario(daemon.file);
  await addFirewallRules(network.namespaceOf(daemon.router), firewallCommands(file));
  const text = await runnableScenario(withValues(file, daemon.values ?? {}), daemon.file);
  return await startProxy({
    name: daemon.file,
    namespace: network.namespaceOf(daemon.host),
    directives: {},
    text: text + (await daemon.lines?.() ?? ""),
    probe: {
      namespace: network.namespaceOf(daemon.serves.to),
      address: daemon.serves.address,
      port: 5060,
    },
  });
}

async function startOne(network: Network, phone: ScenarioPhone): Promise<Phone> {
  const { user, address, domain, outbound } = phone;
  return await startPhone({
    user,
    address,
    domain,
    namespace: network.namespaceOf(phone.host),
    sipPort: 5060,
    controlPort: 4444,
    rtpPortLow: 30_000,
    ...(outbound === undefined ? {} : { outbound: `${outbound}:5060` }),
    answer: "auto",
    media: "audio",
  });
}

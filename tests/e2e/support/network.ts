/**
 * Network namespaces by plan: hosts with interfaces of given names on named networks.
 *
 * Each network is a bridge in a namespace of its own that has no address, so that every host,
 * routers too, has exactly the interfaces that its configuration speaks of. It sets no firewall
 * rule and starts no program. Called by the scenario suites.
 *
 * @module
 */
import { mustRun } from "./command.ts";
import { addNamespace, inNamespace, removeNamespace, setNameServer } from "./namespace.ts";

/** One interface of a host. */
export interface InterfacePlan {
  readonly name: string;
  /** With prefix length, as `10.0.0.1/24`. */
  readonly address: string;
  readonly network: string;
}

/** One host. */
export interface HostPlan {
  readonly interfaces: readonly InterfacePlan[];
  /** Address of the default router. */
  readonly gateway?: string;
  /** Address that its resolv.conf names. */
  readonly nameServer?: string;
  /** `forwards`: a router. */
  readonly kind: "forwards" | "ends";
}

/** Hosts by name. */
export type NetworkPlan = Readonly<Record<string, HostPlan>>;

/** The namespaces of a plan. */
export class Network {
  readonly #namespaces: ReadonlyMap<string, string>;

  constructor(namespaces: ReadonlyMap<string, string>) {
    this.#namespaces = namespaces;
  }

  /** Namespace of a host. */
  namespaceOf(host: string): string {
    const namespace = this.#namespaces.get(host);
    if (namespace === undefined) throw new Error(`Cannot find host "${host}": not in the plan`);
    return namespace;
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    for (const namespace of this.#namespaces.values()) await removeNamespace(namespace);
  }
}

/** Name under which the namespace with the bridges is kept; no host may be called so. */
const SWITCH = "switch";
let networks = 0;

/** Builds what a plan describes. */
export async function buildNetwork(plan: NetworkPlan): Promise<Network> {
  const prefix = `net${++networks}`;
  const bridges = await addNamespace(`${prefix}-${SWITCH}`);
  const namespaces = new Map([[SWITCH, bridges]]);
  const names = Object.values(plan).flatMap((host) => host.interfaces.map((one) => one.network));
  for (const name of new Set(names)) {
    await inNamespace(bridges, `link add ${name} type bridge`);
    await inNamespace(bridges, `link set ${name} up`);
  }
  let ports = 0;
  for (const [name, host] of Object.entries(plan)) {
    const namespace = await addNamespace(`${prefix}-${name}`);
    namespaces.set(name, namespace);
    for (const one of host.interfaces) {
      await addInterface(namespace, { ...one, bridges, port: `port${++ports}` });
    }
    await configureHost(namespace, host);
  }
  return new Network(namespaces);
}

async function addInterface(
  namespace: string,
  one: InterfacePlan & { readonly bridges: string; readonly port: string },
): Promise<void> {
  const { bridges, port } = one;
  await inNamespace(namespace, `link add ${one.name} type veth peer name ${port} netns ${bridges}`);
  await inNamespace(bridges, `link set ${port} master ${one.network} up`);
  await inNamespace(namespace, `addr add ${one.address} dev ${one.name}`);
  await inNamespace(namespace, `link set ${one.name} up`);
}

async function configureHost(namespace: string, host: HostPlan): Promise<void> {
  if (host.gateway !== undefined) {
    await inNamespace(namespace, `route add default via ${host.gateway}`);
  }
  if (host.nameServer !== undefined) await setNameServer(namespace, host.nameServer);
  if (host.kind === "forwards") await setKernel(namespace, "net.ipv4.ip_forward=1");
}

/** Sets a kernel parameter of a namespace. */
export async function setKernel(namespace: string, setting: string): Promise<void> {
  await mustRun("ip", ["netns", "exec", namespace, "sysctl", "-qw", setting]);
}

/**
 * Network namespaces: a LAN with two phones, a router, a WAN with a provider and a far phone.
 *
 * Makes the namespaces and wires of one test run under names of its own and removes them again by
 * name, with whatever process still lives in them. It starts no peer. Called by the case suites.
 *
 * @module
 */
import { mustRun, runCommand } from "./command.ts";
import { onCleanup } from "./cleanup.ts";

/** Addresses that every suite uses; RFC 1918 inside, RFC 5737 outside. */
export const ADDRESSES = {
  lan1: "10.0.0.10",
  lan2: "10.0.0.11",
  rtrLan: "10.0.0.1",
  rtrWan: "203.0.113.1",
  wan: "203.0.113.10",
  wan2: "203.0.113.20",
} as const;

/** Interface names inside the router. */
export const ROUTER_LAN = "lan0" as const;
/** Interface name of the router's Internet side. */
export const ROUTER_WAN = "wan0" as const;

/** Names of the namespaces of one topology. */
export interface Topology {
  readonly lan1: string;
  readonly lan2: string;
  readonly rtr: string;
  readonly wan: string;
  readonly wan2: string;
  /** Removes all of it. */
  readonly remove: () => Promise<void>;
}

/** `proxy`: the router forwards nothing; `routed`: it forwards, for peers without a proxy. */
export type TopologyKind = "proxy" | "routed";

const NAME_PREFIX = "e2e";
let made = 0;

/** Makes a name that no other run uses: it carries this process's id. */
export function uniqueName(role: string): string {
  return `${NAME_PREFIX}-${Deno.pid}-${made}-${role}`;
}

/** Adds a namespace with its loopback up; it is removed at clean-up at the latest. */
export async function addNamespace(role: string): Promise<string> {
  const name = uniqueName(role);
  await mustRun("ip", ["netns", "add", name]);
  onCleanup(() => removeNamespace(name));
  await inNamespace(name, "link set lo up");
  return name;
}

/** Ends what still runs in a namespace, by pid, and removes it with its files in /etc/netns. */
export async function removeNamespace(name: string): Promise<void> {
  const pids = await runCommand("ip", ["netns", "pids", name]);
  for (const pid of pids.stdout.split("\n").filter((line) => line !== "")) {
    try {
      Deno.kill(Number(pid), "SIGKILL");
    } catch {
      // Ended on its own.
    }
  }
  await runCommand("ip", ["netns", "del", name]);
  await Deno.remove(`/etc/netns/${name}`, { recursive: true }).catch(() => undefined);
}

/** Removes namespaces of earlier runs whose process is gone. */
export async function sweepStaleNamespaces(): Promise<void> {
  const list = await runCommand("ip", ["netns", "list"]);
  for (const line of list.stdout.split("\n")) {
    const match = /^(e2e-(\d+)-\S+)/.exec(line);
    const name = match?.[1];
    if (name === undefined || await exists(`/proc/${match?.[2]}`)) continue;
    await removeNamespace(name);
  }
}

/** Runs one `ip` command inside a namespace. */
export async function inNamespace(name: string, command: string): Promise<void> {
  await mustRun("ip", ["-n", name, ...command.split(" ")]);
}

/** Gives the programs of a namespace a resolv.conf of their own. */
export async function setNameServer(namespace: string, address: string): Promise<void> {
  await Deno.mkdir(`/etc/netns/${namespace}`, { recursive: true });
  await Deno.writeTextFile(`/etc/netns/${namespace}/resolv.conf`, `nameserver ${address}\n`);
}

/** Builds the five namespaces of one test. */
export async function createTopology(kind: TopologyKind): Promise<Topology> {
  made++;
  const [lan1, lan2, rtr, wan, wan2] = await Promise.all([
    addNamespace("lan1"),
    addNamespace("lan2"),
    addNamespace("rtr"),
    addNamespace("wan"),
    addNamespace("wan2"),
  ]);
  const topology: Topology = {
    lan1,
    lan2,
    rtr,
    wan,
    wan2,
    remove: async () => {
      for (const name of [lan1, lan2, wan2, wan, rtr]) await removeNamespace(name);
    },
  };
  await wireLan(topology);
  await wireWan(topology);
  if (kind === "routed") await addRoutes(topology);
  return topology;
}

async function wireLan(topology: Topology): Promise<void> {
  const { rtr } = topology;
  await inNamespace(rtr, `link add ${ROUTER_LAN} type bridge`);
  await inNamespace(rtr, `addr add ${ADDRESSES.rtrLan}/24 dev ${ROUTER_LAN}`);
  await inNamespace(rtr, `link set ${ROUTER_LAN} up`);
  for (const [port, phone] of [["p1", topology.lan1], ["p2", topology.lan2]] as const) {
    await inNamespace(phone, `link add eth0 type veth peer name ${port} netns ${rtr}`);
    await inNamespace(rtr, `link set ${port} master ${ROUTER_LAN} up`);
    const address = port === "p1" ? ADDRESSES.lan1 : ADDRESSES.lan2;
    await inNamespace(phone, `addr add ${address}/24 dev eth0`);
    await inNamespace(phone, "link set eth0 up");
    await inNamespace(phone, `route add default via ${ADDRESSES.rtrLan}`);
  }
}

async function wireWan(topology: Topology): Promise<void> {
  const { rtr, wan, wan2 } = topology;
  await inNamespace(wan, "link add br0 type bridge");
  await inNamespace(wan, `addr add ${ADDRESSES.wan}/24 dev br0`);
  await inNamespace(wan, "link set br0 up");
  await inNamespace(rtr, `link add ${ROUTER_WAN} type veth peer name p1 netns ${wan}`);
  await inNamespace(wan2, `link add eth0 type veth peer name p2 netns ${wan}`);
  for (const port of ["p1", "p2"]) await inNamespace(wan, `link set ${port} master br0 up`);
  await inNamespace(rtr, `addr add ${ADDRESSES.rtrWan}/24 dev ${ROUTER_WAN}`);
  await inNamespace(rtr, `link set ${ROUTER_WAN} up`);
  await inNamespace(rtr, `route add default via ${ADDRESSES.wan}`);
  await inNamespace(wan2, `addr add ${ADDRESSES.wan2}/24 dev eth0`);
  await inNamespace(wan2, "link set eth0 up");
  await inNamespace(wan2, `route add default via ${ADDRESSES.rtrWan}`);
}

async function addRoutes(topology: Topology): Promise<void> {
  await mustRun("ip", ["netns", "exec", topology.rtr, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  await inNamespace(topology.wan, `route add 10.0.0.0/24 via ${ADDRESSES.rtrWan}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

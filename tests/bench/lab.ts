/**
 * Builds and removes the network of one process under test: three network namespaces, LAN - router -
 * WAN, with 5,000 phone addresses routed behind the LAN. It starts nothing inside them. The bench's
 * main file and its subjects call it.
 *
 * @module
 */
import { runCommand, runQuietly } from "./shell.ts";

/** Prefix of every namespace of a bench; the run's process id follows it. */
const NAME_PREFIX = "sxbench";

/** The router's LAN address: what a phone is told as its proxy. */
export const PROXY_LAN = "10.0.0.1" as const;
/** The router's WAN address. */
export const PROXY_WAN = "203.0.113.1" as const;
/** The registrar and far phone. */
export const REGISTRAR = "203.0.113.10" as const;
/** The host of the LAN that all phone networks are routed through. */
export const LAN_HOST = "10.0.0.10" as const;

/** Three namespaces by name. */
export interface Lab {
  readonly lan: string;
  readonly rtr: string;
  readonly wan: string;
}

/** Makes the namespaces of one subject, connected and addressed. */
export async function createLab(subject: string): Promise<Lab> {
  const base = `${RUN_PREFIX}${subject}`;
  const lab = { lan: `${base}-lan`, rtr: `${base}-rtr`, wan: `${base}-wan` };
  try {
    await buildLab(lab);
  } catch (error) {
    await destroyLab(lab);
    throw error;
  }
  return lab;
}

/** Kills what still runs inside the namespaces and removes them; never throws. */
export async function destroyLab(lab: Lab): Promise<void> {
  for (const namespace of namespacesOf(lab)) await removeNamespace(namespace);
}

/** The start of the names of this run's namespaces and temporary folder. */
export const RUN_PREFIX: string = `${NAME_PREFIX}${Deno.pid}`;

/** Removes what a killed earlier run left behind: namespaces and folders whose run no longer lives. */
export async function sweepDeadRuns(temporary: string): Promise<void> {
  for (const entry of Deno.readDirSync(temporary)) {
    if (!isOfDeadRun(entry.name)) continue;
    await Deno.remove(`${temporary}/${entry.name}`, { recursive: true });
  }
  const { stdout } = await runQuietly(["ip", "netns", "list"]);
  for (const line of stdout.split("\n")) {
    const name = line.split(" ")[0] ?? "";
    if (isOfDeadRun(name)) await removeNamespace(name);
  }
}

/** The words that run a command with as many sockets as the machine allows; the process id stays. */
export function withManySockets(words: readonly string[]): readonly string[] {
  return ["sh", "-c", 'ulimit -Sn "$(ulimit -Hn)"; exec "$0" "$@"', ...words];
}

/** The words that run a command inside a namespace with room for many sockets; the process id stays. */
export function inNamespace(namespace: string, words: readonly string[]): readonly string[] {
  return ["ip", "netns", "exec", namespace, ...withManySockets(words)];
}

async function buildLab(lab: Lab): Promise<void> {
  for (const namespace of namespacesOf(lab)) {
    await runCommand(["ip", "netns", "add", namespace]);
    await runCommand(["ip", "-n", namespace, "link", "set", "lo", "up"]);
  }
  await connect(lab.lan, {
    router: lab.rtr,
    device: "lan0",
    address: LAN_HOST,
    gateway: PROXY_LAN,
  });
  await connect(lab.wan, {
    router: lab.rtr,
    device: "wan0",
    address: REGISTRAR,
    gateway: PROXY_WAN,
  });
  // Phones live behind one LAN host, so that 5,000 of them need one neighbour entry, not 5,000.
  await runCommand(["ip", "-n", lab.lan, "route", "add", "local", "10.1.0.0/16", "dev", "lo"]);
  await runCommand(["ip", "-n", lab.rtr, "route", "add", "10.1.0.0/16", "via", LAN_HOST]);
  await runCommand(["ip", "-n", lab.rtr, "route", "add", "default", "via", REGISTRAR]);
  // A router forwards; what is addressed to its own sockets is not touched by that.
  const forwarding = ["sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"];
  await runCommand(["ip", "netns", "exec", lab.rtr, ...forwarding]);
}

interface Link {
  readonly router: string;
  readonly device: string;
  readonly address: string;
  readonly gateway: string;
}

async function connect(namespace: string, link: Link): Promise<void> {
  const { router, device, address, gateway } = link;
  const veth = ["type", "veth", "peer", "name", device, "netns", router];
  await runCommand(["ip", "-n", namespace, "link", "add", "eth0", ...veth]);
  await runCommand(["ip", "-n", namespace, "addr", "add", `${address}/24`, "dev", "eth0"]);
  await runCommand(["ip", "-n", router, "addr", "add", `${gateway}/24`, "dev", device]);
  await runCommand(["ip", "-n", namespace, "link", "set", "eth0", "up"]);
  await runCommand(["ip", "-n", router, "link", "set", device, "up"]);
  await runCommand(["ip", "-n", namespace, "route", "add", "default", "via", gateway]);
}

function namespacesOf(lab: Lab): readonly string[] {
  return [lab.lan, lab.rtr, lab.wan];
}

async function removeNamespace(namespace: string): Promise<void> {
  const { stdout } = await runQuietly(["ip", "netns", "pids", namespace]);
  for (const pid of stdout.split("\n").filter((line) => /^\d+$/.test(line))) {
    await runQuietly(["kill", "-KILL", pid]);
  }
  await runQuietly(["ip", "netns", "del", namespace]);
}

function isOfDeadRun(name: string): boolean {
  const pid = new RegExp(`^${NAME_PREFIX}(\\d+)`).exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    Deno.statSync(`/proc/${pid}`);
    return false;
  } catch {
    return true;
  }
}

/**
 * The firewall of a namespace, and what a daemon in it says about itself.
 *
 * Lists tables, sends packets to ports, asks `siproxd status`. It changes no firewall. Called by the
 * suites about marks and doors.
 *
 * @module
 */
import { mustRun, poll, runCommand } from "./command.ts";
import { isRecord, numberField, parseJson } from "./json.ts";
import { ADDRESSES } from "./namespace.ts";
import type { Proxy } from "./proxy.ts";
import { proxyCommand } from "./proxy.ts";

/** All rules of a namespace, as nft prints them. */
export async function ruleset(namespace: string): Promise<string> {
  return await mustRun("ip", ["netns", "exec", namespace, "nft", "list", "ruleset"]);
}

/** Waits until the rules of a namespace match, or no longer do. */
export async function waitForRules(
  namespace: string,
  what: { readonly pattern: RegExp; readonly until: "there" | "gone"; readonly timeoutMs: number },
): Promise<string> {
  return await poll(async () => {
    const text = await ruleset(namespace);
    return what.pattern.test(text) === (what.until === "there") ? text : undefined;
  }, { what: `${what.pattern} ${what.until} in the rules`, timeoutMs: what.timeoutMs });
}

/** Media ports of the Internet side that are open now. */
export function openPorts(rules: string): readonly number[] {
  const elements = /set live4 \{[^}]*?elements = \{([^}]*)\}/.exec(rules)?.[1] ?? "";
  return [...elements.matchAll(/203\.0\.113\.1 \. (\d+)/g)].map((match) => Number(match[1]));
}

/** Sends one packet to each media port of the router's Internet side. */
async function knockAtMediaPorts(namespace: string): Promise<void> {
  const script = `for port in $(seq 7070 7089); do ` +
    `printf 'knock knock' | socat -u - UDP4:${ADDRESSES.rtrWan}:$port; done`;
  await mustRun("ip", ["netns", "exec", namespace, "sh", "-c", script]);
}

/** What `siproxd status --json` says. */
export async function statusOf(
  proxy: Proxy,
  namespace: string,
): Promise<Readonly<Record<string, unknown>>> {
  const output = await runCommand("ip", [
    ...["netns", "exec", namespace, ...proxyCommand()],
    ...["-c", proxy.configPath, "status", "--json"],
  ]);
  if (output.code !== 0) throw new Error(`Cannot ask for the status: ${output.stderr}`);
  const report = parseJson(output.stdout);
  if (!isRecord(report)) throw new Error(`Cannot read the status: ${output.stdout}`);
  return report;
}

/** Knocks at all media ports; gives how many of the 20 packets came through to a port of no stream. */
export async function knocksHeard(
  proxy: Proxy,
  where: { readonly from: string; readonly router: string },
): Promise<number> {
  const before = await idlePackets(proxy, where.router);
  await knockAtMediaPorts(where.from);
  return await idlePackets(proxy, where.router) - before;
}

async function idlePackets(proxy: Proxy, namespace: string): Promise<number> {
  return numberField((await statusOf(proxy, namespace))["media"], "idlePackets");
}

/** Pids of the programs that a process started itself. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const children = await mustRun("sh", ["-c", `cat /proc/${pid}/task/*/children`]);
  return children.split(/\s+/).filter((word) => word !== "").map(Number);
}

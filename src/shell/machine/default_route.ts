import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";

/** A routing table answers at once; a program that hangs must not hold the start. */
const ROUTE_TIMEOUT_MS = 1500;

/** Where packets to the Internet leave the machine. */
export interface DefaultRoute {
  readonly interfaceName: string;
  /** Undefined on point-to-point links, which have none. */
  readonly gateway: IpAddress | undefined;
}

/**
 * Reads the output of `ip route`, iproute2's or busybox's.
 *
 * @param text lines such as `default via 192.168.1.1 dev eth0 proto dhcp metric 100`
 * @returns the default route of the lowest metric, or undefined when there is none
 */
export function parseDefaultRoute(text: string): DefaultRoute | undefined {
  let best: DefaultRoute | undefined;
  let bestMetric = Infinity;
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (words[0] !== "default") continue;
    const interfaceName = wordAfter(words, "dev");
    const metric = Number(wordAfter(words, "metric") ?? 0);
    if (interfaceName === undefined || !(metric < bestMetric)) continue;
    bestMetric = metric;
    best = { interfaceName, gateway: parseIpAddress(wordAfter(words, "via") ?? "") };
  }
  return best;
}

function wordAfter(words: readonly string[], keyword: string): string | undefined {
  const at = words.indexOf(keyword);
  return at < 0 ? undefined : words[at + 1];
}

/**
 * Asks the routing table, as long as the process may still run programs: for IPv4, else for IPv6.
 *
 * @returns undefined when there is no default route, no `ip` program or no permission
 */
export async function findDefaultRoute(): Promise<DefaultRoute | undefined> {
  const permission = await Deno.permissions.query({ name: "run", command: "ip" });
  if (permission.state !== "granted") return undefined;
  return await askRoutes(["route"]) ?? await askRoutes(["-6", "route"]);
}

async function askRoutes(args: string[]): Promise<DefaultRoute | undefined> {
  try {
    const signal = AbortSignal.timeout(ROUTE_TIMEOUT_MS);
    const command = new Deno.Command("ip", {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal,
    });
    const { stdout } = await command.output();
    return parseDefaultRoute(new TextDecoder().decode(stdout));
  } catch {
    return undefined;
  }
}

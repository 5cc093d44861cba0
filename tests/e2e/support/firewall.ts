/**
 * A masquerading router with a closed firewall, in nftables.
 *
 * Makes the tables that a home router has; what a scenario needs opened or redirected is added by
 * the very lines that its configuration file tells its reader to type. Called by the scenarios.
 *
 * @module
 */
import { mustRun, runCommand } from "./command.ts";
import { workDirectory } from "./work_directory.ts";

/** Interfaces of a router. */
export interface RouterSides {
  readonly inside: string;
  readonly outside: string;
}

/** Makes a namespace a masquerading router: nothing from outside comes in or through unasked. */
export async function startMasquerading(namespace: string, sides: RouterSides): Promise<void> {
  const { inside, outside } = sides;
  const file = `${workDirectory()}/${namespace}.nft`;
  await Deno.writeTextFile(
    file,
    `table ip nat {
  chain prerouting { type nat hook prerouting priority dstnat; }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "${outside}" masquerade
  }
}
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname { "lo", "${inside}" } accept
    ip protocol icmp accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ct status dnat accept
    iifname "${inside}" accept
  }
}
`,
  );
  await mustRun("ip", ["netns", "exec", namespace, "nft", "-f", file]);
}

/** The nft commands in the comments of a configuration file. */
export function firewallCommands(text: string): readonly string[] {
  return [...text.matchAll(/^# +(nft add rule .*)$/gm)].map((match) => match[1] ?? "");
}

/** Types commands into a shell of the router, as a reader of the configuration file does. */
export async function addFirewallRules(
  namespace: string,
  commands: readonly string[],
): Promise<void> {
  for (const command of commands) {
    await mustRun("ip", ["netns", "exec", namespace, "sh", "-ec", command]);
  }
}

/** Address that a host's packets bear when they arrive at another one. */
export async function addressSeenBy(
  place: { readonly far: string; readonly farAddress: string },
  host: string,
): Promise<string> {
  const { far, farAddress } = place;
  const port = 9000;
  const server = `UDP4-RECVFROM:${port}`;
  // The server answers one datagram and ends; the client asks until it listens.
  const answering = runCommand("ip", [
    ...["netns", "exec", far, "timeout", "10", "socat", server, "SYSTEM:echo $SOCAT_PEERADDR"],
  ]);
  const asking = `for i in 1 2 3 4 5 6 7 8; do
    answer=$(echo who | socat -t 1 -T 1 - UDP4:${farAddress}:${port} 2>/dev/null)
    [ -n "$answer" ] && echo "$answer" && exit 0
    sleep 0.2
  done`;
  const { stdout } = await runCommand("ip", ["netns", "exec", host, "sh", "-c", asking]);
  await answering;
  return stdout.trim();
}

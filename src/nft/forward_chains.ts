/** A chain of somebody's firewall that forwarded packets pass. */
export interface ForwardChain {
  readonly family: "ip" | "ip6" | "inet";
  readonly table: string;
  readonly chain: string;
  readonly policy: "accept" | "drop";
}

/** Names that are put into a line for people; anything else is left out of it. */
const NAME = "[A-Za-z0-9_.-]{1,64}";

const TABLE_LINE = new RegExp(`^table (ip|ip6|inet) (${NAME}) \\{`);
const CHAIN_LINE = new RegExp(`^\\s*chain (${NAME}) \\{`);
const HOOK_LINE = /^\s*type filter hook forward priority [^;]{1,40}; policy (accept|drop);/;

/** Writes the line that names every chain, without their rules. */
export const CHAINS_LINE = "list chains";

/**
 * Finds the chains that forwarded packets pass.
 *
 * @param listing what nft answered to {@linkcode CHAINS_LINE}
 * @returns base chains of the forward hook, in nft's order
 */
export function forwardChains(listing: string): readonly ForwardChain[] {
  const found: ForwardChain[] = [];
  let place: Pick<ForwardChain, "family" | "table"> | undefined;
  let chain = "";
  for (const line of listing.split("\n")) {
    const [, family, table] = TABLE_LINE.exec(line) ?? [];
    if (line.startsWith("table ")) place = placeOf(family, table);
    chain = CHAIN_LINE.exec(line)?.[1] ?? chain;
    const policy = HOOK_LINE.exec(line)?.[1];
    if (policy === undefined || place === undefined || chain === "") continue;
    found.push({ ...place, chain, policy: policy === "drop" ? "drop" : "accept" });
  }
  return found;
}

function placeOf(
  family: string | undefined,
  table: string | undefined,
): Pick<ForwardChain, "family" | "table"> | undefined {
  if (table === undefined) return undefined;
  return family === "ip" || family === "ip6" || family === "inet" ? { family, table } : undefined;
}

/**
 * Writes the rule that lets media through: what the kernel relays for the daemon is the only UDP that connection
 * tracking does not see.
 *
 * @param chains of the forward hook
 * @returns commands in one line; the one for iptables where nft knows no chain
 */
export function forwardRuleText(chains: readonly ForwardChain[]): string {
  if (chains.length === 0) {
    return "iptables -I FORWARD -p udp -m conntrack --ctstate UNTRACKED -j ACCEPT";
  }
  return chains.map(({ family, table, chain }) =>
    `nft insert rule ${family} ${table} ${chain} meta l4proto udp ct state untracked accept`
  ).join("; ");
}

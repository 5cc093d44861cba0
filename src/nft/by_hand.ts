import { markRules, type NftPlan } from "./nft_plan.ts";

/** Which tool an operator has. */
export type HandTool = "nft" | "iptables";

/**
 * Writes the commands that set the marks without the daemon, for an operator to type as root.
 *
 * @param plan what is wanted
 * @param tool what there is to type them for
 * @returns commands in one line; empty when no mark is to be set
 */
export function marksByHand(plan: NftPlan, tool: HandTool): string {
  if (plan.mediaDscp === 0 && plan.sipDscp === 0) return "";
  return tool === "nft" ? nftCommand(plan) : iptablesCommands(plan);
}

function nftCommand(plan: NftPlan): string {
  const rules = markRules(plan).map((rule) => `${rule}; `).join("");
  const chain = "type filter hook output priority mangle; policy accept;";
  return `nft 'table inet siproxd { chain out { ${chain} ${rules}}; }'`;
}

function iptablesCommands(plan: NftPlan): string {
  const { mediaPortLow, mediaPortHigh, mediaDscp, sipPort, sipDscp } = plan;
  const commands: string[] = [];
  for (const program of ["iptables", "ip6tables"]) {
    const rule = (match: string, dscp: number) =>
      commands.push(
        `${program} -t mangle -A OUTPUT -p ${match} -j DSCP --set-dscp ${dscp}`,
      );
    if (mediaDscp > 0) rule(`udp --sport ${mediaPortLow}:${mediaPortHigh}`, mediaDscp);
    if (sipDscp > 0) {
      rule(`udp --sport ${sipPort}`, sipDscp);
      rule(`tcp --sport ${sipPort}`, sipDscp);
    }
  }
  return commands.join("; ");
}

import { isNotPermitted } from "./answer_reader.ts";
import { marksByHand } from "./by_hand.ts";
import type { NftPlan } from "./nft_plan.ts";

/** Why there is no table. */
export interface NftFailure {
  /** What nft or the system said. */
  readonly reason: string;
  /** `missing`: the machine has no nft. */
  readonly nft: "present" | "missing";
}

/** What makes it work, for a daemon that a service manager starts without rights. */
const GRANT = "start siproxd as root, or give its unit AmbientCapabilities=CAP_NET_ADMIN, " +
  "CapabilityBoundingSet=CAP_NET_ADMIN and PrivateUsers=no (systemctl edit siproxd)";

/**
 * Says what is off and what an operator can type instead.
 *
 * @param plan what was wanted
 * @param failure why there is no table
 * @returns one line
 */
export function offText(plan: NftPlan, failure: NftFailure): string {
  const { reason, nft } = failure;
  const parts = [`${wanted(plan)} without effect: ${reason}`];
  if (nft === "missing") parts.push("install nftables");
  else if (isNotPermitted(reason)) parts.push(GRANT);
  const marks = marksByHand(plan, nft === "missing" ? "iptables" : "nft");
  if (marks !== "") parts.push(`or set the marks by hand: ${marks}`);
  return parts.join("; ");
}

/**
 * Says that the daemon relays every packet itself, and what would change that.
 *
 * @param failure why the kernel does not
 * @returns one line
 */
export function offloadOffText(failure: NftFailure): string {
  const { reason, nft } = failure;
  const parts = [`media_offload without effect, the daemon relays all media: ${reason}`];
  if (nft === "missing") parts.push("install nftables");
  else if (isNotPermitted(reason)) parts.push(GRANT);
  else if (isTooOld(reason)) parts.push("kernel 5.12 and nft 1.0 are the oldest that can do it");
  return parts.join("; ");
}

/** What an old kernel or an old nft says to a table with an owner. */
function isTooOld(reason: string): boolean {
  return /syntax error|not supported|Invalid argument|No such file/.test(reason);
}

function wanted(plan: NftPlan): string {
  const keys: string[] = [];
  if (plan.mediaDscp > 0) keys.push("rtp_dscp");
  if (plan.sipDscp > 0) keys.push("sip_dscp");
  if (plan.doors === "live") keys.push("firewall_module = nftables");
  return keys.join(", ");
}

import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { CHAINS_LINE, forwardChains, forwardRuleText } from "../../nft/forward_chains.ts";
import { offloadOffText } from "../../nft/off_text.ts";
import type { OffloadFamily, OffloadPlan } from "../../nft/offload_table.ts";
import { MediaOffload } from "./media_offload.ts";
import { NO_NFT } from "./nft_child.ts";
import type { NftHost } from "./nft_host.ts";
import type { OffloadReport } from "./offload_messages.ts";

/** Longest time between two looks at the counters. */
const MAX_COUNT_INTERVAL_MS = 15_000;

/** Looks in the time of rtp_timeout, so that a silent stream ends late by a tenth of it at most. */
const MIN_LOOKS = 10;

/** What is needed to let the kernel relay media. */
export interface OffloadOpening {
  readonly config: Config;
  readonly table: string;
  readonly host: NftHost;
  readonly tell: (report: OffloadReport) => void;
  readonly onLog: (event: LogEvent) => void;
  /** Families that the machine forwards; undefined where it cannot be told. */
  readonly forwarding: () => Promise<readonly OffloadFamily[] | undefined>;
}

/**
 * Lets the kernel relay media if that is wanted and can be; why it cannot is said in one line.
 *
 * @param opening configuration and nft
 * @returns undefined when the daemon relays all media
 */
export async function openOffload(opening: OffloadOpening): Promise<MediaOffload | undefined> {
  const { config, host, tell, onLog } = opening;
  const { offload: mode } = config.firewall;
  if (mode === "off" || !isPossible(config)) return undefined;
  const level = mode === "auto" ? "info" : "warning";
  const say = (text: string) => onLog({ level, component: "firewall", event: "offload.off", text });
  const families = await opening.forwarding() ?? [4, 6];
  if (!families.includes(4)) {
    const reason = "IP forwarding is off; sysctl -w net.ipv4.ip_forward=1 turns it on";
    say(offloadOffText({ reason, nft: "present" }));
  }
  if (families.length === 0) return undefined;
  const plan = offloadPlan(config, opening.table);
  const countIntervalMs = countInterval(config);
  const offload = new MediaOffload({ host, plan, families, countIntervalMs, tell, onLog });
  const opened = await offload.open();
  if (!opened.ok) {
    await offload.close();
    const reason = opened.error;
    say(offloadOffText({ reason, nft: reason === NO_NFT ? "missing" : "present" }));
    return undefined;
  }
  const obstacle = mode === "auto" ? await findObstacle(host) : undefined;
  if (obstacle === undefined) return offload;
  await offload.close();
  say(obstacle);
  return undefined;
}

/**
 * Tells what the tables are to do.
 *
 * @param config the configuration
 * @param table name of the tables
 * @returns ports and mark
 */
export function offloadPlan(config: Config, table: string): OffloadPlan {
  const { portLow, portHigh, dscp } = config.rtp;
  return { table, portLow, portHigh: portHigh + 1, dscp };
}

/**
 * Tells how often counters are looked at.
 *
 * @param config the configuration
 * @returns a part of rtp_timeout, so that a silent stream does not live much longer
 */
export function countInterval({ rtp }: Config): number {
  return Math.min(MAX_COUNT_INTERVAL_MS, rtp.timeoutSeconds * 1000 / MIN_LOOKS);
}

/** A dejitter needs every packet; the examination of the configuration says so. */
function isPossible({ rtp }: Config): boolean {
  return rtp.enabled && rtp.inputDejitterMs === 0 && rtp.outputDejitterMs === 0;
}

/** Nobody asked for it by name, so that not even a fifth of a second of a call may be lost to find out. */
async function findObstacle(host: NftHost): Promise<string | undefined> {
  const listing = await host.child?.send(CHAINS_LINE, "listing");
  const chains = listing?.ok === true ? forwardChains(listing.value) : [];
  const closed = chains.filter(({ policy }) => policy === "drop");
  if (closed.length === 0) return undefined;
  const names = closed.map(({ family, table, chain }) => `${family} ${table} ${chain}`).join(", ");
  return `media_offload = auto leaves media to the daemon: what is forwarded is dropped by ${names}; ` +
    `let it through and set media_offload = nftables: ${forwardRuleText(chains)}`;
}

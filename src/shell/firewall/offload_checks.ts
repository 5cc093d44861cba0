import type { MediaPath } from "../../base/media_path.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { readCounters, readSum } from "../../nft/counter_listing.ts";
import { FlowBalance } from "../../nft/flow_balance.ts";
import { CHAINS_LINE, forwardChains, forwardRuleText } from "../../nft/forward_chains.ts";
import { type OffloadFamily, sumLine } from "../../nft/offload_table.ts";
import { countersLine } from "../../nft/path_lines.ts";
import type { LedgerEntry, PathLedger } from "../../nft/path_ledger.ts";
import type { NftChild } from "./nft_child.ts";
import type { OffloadCounts } from "./offload_counts.ts";

/** Directions that are remembered as blocked: four between two sides, and single peers beyond a firewall of theirs. */
const MAX_BLOCKED = 1024;

/** What the checks work with. */
export interface OffloadChecksOptions {
  readonly ledger: PathLedger;
  readonly table: string;
  readonly counts: OffloadCounts;
  readonly onLog: (event: LogEvent) => void;
}

/** Sees to it that what enters the kernel also leaves it; where it does not, the daemon relays for the rest of the run. */
export class OffloadChecks {
  readonly #options: OffloadChecksOptions;
  readonly #balances: Readonly<Record<OffloadFamily, FlowBalance>> = {
    4: new FlowBalance(),
    6: new FlowBalance(),
  };
  readonly #blocked = new Set<string>();
  #readAtMs = performance.now();
  #isUneasy = false;

  constructor(options: OffloadChecksOptions) {
    this.#options = options;
  }

  /** Whether something is missing that no path explains yet. */
  get isUneasy(): boolean {
    return this.#isUneasy;
  }

  /** Whether a path's packets are known not to arrive. */
  blocks(path: MediaPath): boolean {
    return this.#blocked.has(direction(path)) || this.#blocked.has(direction(path, "peer"));
  }

  /** A new table counts from zero. */
  reset(): void {
    for (const balance of Object.values(this.#balances)) balance.reset();
  }

  /** Compares what entered with what left; gives the paths that must be taken back. */
  async run(
    child: NftChild,
    families: readonly OffloadFamily[],
  ): Promise<readonly LedgerEntry[]> {
    const { ledger } = this.#options;
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#readAtMs;
    this.#readAtMs = nowMs;
    this.#isUneasy = false;
    const lost: LedgerEntry[] = [];
    for (const family of families) {
      if (ledger.entries(family).length === 0) continue;
      const arrived = await this.#sum(child, { counter: "arrived", family });
      const left = await this.#sum(child, { counter: "left", family });
      if (arrived === undefined || left === undefined) return [];
      const verdict = this.#balances[family].note({ arrived, left, elapsedMs });
      if (verdict === "uneven") lost.push(...await this.#search(child, family));
    }
    return lost;
  }

  async #sum(
    child: NftChild,
    of: { readonly counter: "arrived" | "left"; readonly family: OffloadFamily },
  ): Promise<number | undefined> {
    const { table } = this.#options;
    const listing = await child.send(sumLine(of.counter, { table, family: of.family }), "listing");
    return listing.ok ? readSum(listing.value).packets : undefined;
  }

  /** Looks at every path. */
  async #search(child: NftChild, family: OffloadFamily): Promise<readonly LedgerEntry[]> {
    const { ledger, table, counts } = this.#options;
    const read = await counts.read(child, family);
    const listing = await child.send(countersLine("sp", { table, family }), "listing");
    if (!read.ok || !listing.ok) return [];
    const { dead, alive } = ledger.judge(family, readCounters(listing.value));
    this.#balances[family].explain();
    if (dead.length === 0) {
      this.#isUneasy = true;
      return [];
    }
    const working = new Set(alive.map(({ path }) => direction(path)));
    for (const { path } of dead) {
      const way = direction(path, working.has(direction(path)) ? "peer" : "all");
      if (this.#blocked.has(way) || this.#blocked.size >= MAX_BLOCKED) continue;
      this.#blocked.add(way);
      await this.#explain(child, path);
    }
    return ledger.entries(family).filter(({ path, state }) =>
      state === "kernel" && this.blocks(path)
    );
  }

  /** Says once for each direction what is to be done. */
  async #explain(child: NftChild, path: MediaPath): Promise<void> {
    const listing = await child.send(CHAINS_LINE, "listing");
    const chains = listing.ok ? forwardChains(listing.value) : [];
    const { arrival, departure } = path;
    const text = `Media from ${arrival.address} to ${departure.address} enters the kernel and ` +
      "does not leave it: the daemon relays it again. Turn IP forwarding on, or let it through: " +
      forwardRuleText(chains);
    const event: LogEvent = { level: "warning", component: "firewall", event: "offload.blocked" };
    this.#options.onLog({ ...event, text, once: `${arrival.address} ${departure.address}` });
  }
}

/** Packets between two of our addresses share their fate, unless a single peer is shut off. */
function direction(
  { arrival, departure, target }: MediaPath,
  scope: "all" | "peer" = "all",
): string {
  const way = `${arrival.address}>${departure.address}`;
  return scope === "all" ? way : `${way}>${target.address}`;
}

import { ok, type Result } from "../../base/result.ts";
import { readCounters } from "../../nft/counter_listing.ts";
import type { OffloadFamily } from "../../nft/offload_table.ts";
import { countersLine, forgetLine } from "../../nft/path_lines.ts";
import type { LedgerEntry, PathLedger } from "../../nft/path_ledger.ts";
import { MAX_BATCH_PATHS } from "../../nft/path_queue.ts";
import type { NftChild } from "./nft_child.ts";
import type { OffloadReport } from "./offload_messages.ts";

/** What counting works with. */
export interface OffloadCountsOptions {
  readonly ledger: PathLedger;
  readonly table: string;
  readonly tell: (report: OffloadReport) => void;
}

/** Reads counters, tells what is new, and forgets the paths that were read for the last time. */
export class OffloadCounts {
  readonly #options: OffloadCountsOptions;

  constructor(options: OffloadCountsOptions) {
    this.#options = options;
  }

  /** Reads all families; an error means that something could not be forgotten, or that nft has ended. */
  async run(child: NftChild, families: readonly OffloadFamily[]): Promise<Result<string>> {
    const { ledger, tell } = this.#options;
    // Those that are unhooked during the reading may still be counted after it.
    const finished = ledger.entries().filter(({ state }) => state === "unhooked");
    for (const family of families) {
      const read = await this.read(child, family);
      if (!read.ok) return read;
    }
    for (const family of families) {
      const forgotten = await this.#forget(child, finished.filter((one) => one.family === family));
      if (!forgotten.ok) return forgotten;
    }
    if (finished.length > 0) {
      tell({ kind: "forgotten", pathIds: finished.map(({ pathId }) => pathId) });
    }
    return ok("");
  }

  /** Reads one family and tells what is new. */
  async read(child: NftChild, family: OffloadFamily): Promise<Result<string>> {
    const { ledger, table, tell } = this.#options;
    if (ledger.entries(family).length === 0) return ok("");
    const listing = await child.send(countersLine("dp", { table, family }), "listing");
    if (!listing.ok) return listing;
    tell({ kind: "counted", counts: ledger.count(family, readCounters(listing.value)) });
    return ok("");
  }

  async #forget(child: NftChild, entries: readonly LedgerEntry[]): Promise<Result<string>> {
    const { ledger, table } = this.#options;
    for (let at = 0; at < entries.length; at += MAX_BATCH_PATHS) {
      const some = entries.slice(at, at + MAX_BATCH_PATHS);
      const family = some[0]?.family;
      if (family === undefined) break;
      const paths = some.map(({ path }) => path);
      const done = await child.send(forgetLine({ table, family, paths }));
      if (!done.ok) return done;
      for (const { pathId } of some) ledger.forget(pathId);
    }
    return ok("");
  }
}

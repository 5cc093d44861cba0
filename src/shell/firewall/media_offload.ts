/**
 * Lets the kernel relay media: takes paths over, gives them back, counts what passed and sees to it that it arrives.
 * It decides on no path and sees no packet; the media isolate does both. The firewall of the supervisor owns it.
 *
 * @module
 */
import { assertNever } from "../../base/assert_never.ts";
import { mediaPathFamily } from "../../base/media_path.ts";
import { workerOf } from "../../rtp/media_share.ts";
import type { Result } from "../../base/result.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { OffloadFamily, OffloadPlan } from "../../nft/offload_table.ts";
import { handOverLine, unhookLine } from "../../nft/path_lines.ts";
import { type LedgerEntry, type NumberedPath, PathLedger } from "../../nft/path_ledger.ts";
import { PathQueue } from "../../nft/path_queue.ts";
import type { NftChild } from "./nft_child.ts";
import type { NftHost, NftTenant } from "./nft_host.ts";
import { OffloadChecks } from "./offload_checks.ts";
import { OffloadCounts } from "./offload_counts.ts";
import type { OffloadReport, OffloadRequest } from "./offload_messages.ts";
import { OffloadRedirects } from "./offload_redirects.ts";
import { OffloadTables } from "./offload_tables.ts";
import { OffloadTimes } from "./offload_times.ts";

/** Longest wait of who asks for figures: an nft that hangs must not keep an operator waiting. */
const COUNT_TIMEOUT_MS = 500;

/** What an offload works with. */
export interface MediaOffloadOptions {
  readonly host: NftHost;
  readonly plan: OffloadPlan;
  /** Families that the machine forwards. */
  readonly families: readonly OffloadFamily[];
  /** Longest time between two looks at the counters; rtp_timeout can be late by it. */
  readonly countIntervalMs: number;
  readonly tell: (report: OffloadReport) => void;
  readonly onLog: (event: LogEvent) => void;
  /** Time between a hand-over and the look whether it works. */
  readonly firstCheckMs?: number;
}

/** Relays media in the kernel by a table of the daemon's nft. */
export class MediaOffload {
  readonly #options: MediaOffloadOptions;
  readonly #tenant: NftTenant;
  readonly #ledger = new PathLedger();
  readonly #checks: OffloadChecks;
  readonly #counts: OffloadCounts;
  readonly #times: OffloadTimes;
  readonly #queue = new PathQueue();
  readonly #redirects: OffloadRedirects;
  readonly #tables: OffloadTables;
  #pumping: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: MediaOffloadOptions) {
    this.#options = options;
    this.#tables = new OffloadTables(options.plan, options.families);
    const { tell, onLog } = options;
    const parts = { ledger: this.#ledger, table: options.plan.table };
    this.#counts = new OffloadCounts({ ...parts, tell });
    this.#checks = new OffloadChecks({ ...parts, counts: this.#counts, onLog });
    this.#redirects = new OffloadRedirects(onLog);
    this.#times = new OffloadTimes({
      countIntervalMs: options.countIntervalMs,
      ...(options.firstCheckMs !== undefined && { firstCheckMs: options.firstCheckMs }),
      wake: () => this.#pump(),
    });
    this.#tenant = {
      fill: (child) => this.#tables.make(child),
      onAgain: () => tell({ kind: "ready" }),
      onLost: () => this.#lose(),
    };
  }

  /** Whether paths are taken at this moment. */
  get isUp(): boolean {
    return !this.#isClosed && this.#options.host.child !== undefined;
  }

  /** Makes the tables. */
  async open(): Promise<Result<undefined>> {
    const opened = await this.#options.host.add(this.#tenant);
    if (opened.ok) this.#options.tell({ kind: "ready" });
    return opened;
  }

  /** Takes what the media isolate asks. */
  hear(request: OffloadRequest): void {
    switch (request.kind) {
      case "hand-over":
        this.#handOver(request.paths);
        break;
      case "take-back":
        this.#takeBack(request.pathIds);
        break;
      case "count":
        this.#times.countNow();
        break;
      default:
        assertNever(request);
    }
    this.#pump();
  }

  /** A media isolate begins anew: forgets all paths of the last one. */
  restart(worker: number): void {
    const isOfLast = (pathId: number): boolean => workerOf(pathId) === worker;
    this.#queue.withdrawAll(isOfLast);
    this.#queue.leave(this.#ledger.entries().map(idOf).filter(isOfLast));
    if (this.isUp) this.#options.tell({ kind: "ready", worker });
    this.#pump();
  }

  /** Reads all counters now, for who asks how much passed. */
  async count(): Promise<void> {
    if (!this.isUp || this.#ledger.size === 0) return;
    this.#times.countNow();
    this.#pump();
    let timer: number | undefined;
    const late = new Promise((resolve) => timer = setTimeout(resolve, COUNT_TIMEOUT_MS));
    await Promise.race([this.settled(), late]);
    clearTimeout(timer);
  }

  /** Goes by other ports, another mark, or another time-out; what the kernel relays goes on. */
  async replan(plan: OffloadPlan, countIntervalMs: number): Promise<void> {
    this.#times.retime(countIntervalMs);
    const done = await this.#tables.change(this.#options.host.child, plan);
    if (!done.ok) this.#complain("change the media table", done.error);
  }

  /** Waits until nft has done what it was told so far. */
  async settled(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping;
  }

  /** Removes the tables. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#times.stop();
    await this.#options.host.remove(this.#tenant, this.#tables.dropLines);
  }

  #lose(): void {
    this.#ledger.clear();
    this.#queue.clear();
    this.#redirects.reset();
    this.#checks.reset();
    this.#times.rest();
    this.#options.tell({ kind: "gone" });
  }

  #handOver(paths: readonly NumberedPath[]): void {
    const refused: number[] = [];
    for (const numbered of paths) {
      const { pathId, path } = numbered;
      const family = mediaPathFamily(path);
      const fits = family !== undefined && this.#tables.families.includes(family) &&
        !this.#checks.blocks(path) && this.isUp && this.#queue.offer(numbered);
      if (!fits) refused.push(pathId);
    }
    if (refused.length > 0) this.#options.tell({ kind: "refused", pathIds: refused });
  }

  /** One that still waits was never in the kernel. */
  #takeBack(pathIds: readonly number[]): void {
    const taken: number[] = [];
    for (const pathId of pathIds) {
      if (this.#queue.withdraw(pathId)) taken.push(pathId);
      else this.#queue.leave([pathId]);
    }
    if (taken.length === 0) return;
    this.#options.tell({ kind: "taken", pathIds: taken });
    this.#options.tell({ kind: "forgotten", pathIds: taken });
  }

  #pump(): void {
    this.#pumping ??= this.#work();
  }

  async #work(): Promise<void> {
    // What comes in the same moment goes in the same transaction.
    await Promise.resolve();
    try {
      while (await this.#step());
    } finally {
      // In the same step as the last look, so that nothing comes between the two.
      this.#pumping = undefined;
      this.#times.arm();
    }
  }

  /** Does the most urgent thing; ports are freed before others are taken, and figures come last. */
  async #step(): Promise<boolean> {
    const child = this.#options.host.child;
    if (child === undefined || this.#isClosed) return false;
    const leaving = this.#queue.nextLeaving(this.#ledger);
    if (leaving.length > 0) return await this.#unhook(child, leaving);
    const batch = this.#nextBatch();
    if (batch.length > 0) return await this.#give(child, batch);
    if (this.#times.isCheckDue()) return await this.#check(child);
    if (this.#times.isCountDue()) return await this.#count(child);
    return false;
  }

  async #unhook(child: NftChild, batch: readonly LedgerEntry[]): Promise<boolean> {
    const family = batch[0]?.family;
    if (family === undefined) return true;
    const done = await child.send(unhookLine(this.#batch(batch, family)));
    if (this.#isLost(child)) return true;
    if (!done.ok) return this.#abandon(child, done.error);
    for (const { pathId } of batch) this.#ledger.unhook(pathId);
    this.#options.tell({ kind: "taken", pathIds: batch.map(idOf) });
    this.#times.countSoon();
    return true;
  }

  #nextBatch(): readonly NumberedPath[] {
    const { batch, refused, isHeldUp } = this.#queue.nextWaiting(
      this.#ledger,
      (path) => this.#checks.blocks(path),
    );
    if (refused.length > 0) this.#options.tell({ kind: "refused", pathIds: refused });
    if (isHeldUp) this.#times.countSoon();
    return batch;
  }

  async #give(child: NftChild, batch: readonly NumberedPath[]): Promise<boolean> {
    const [first] = batch;
    const family = first === undefined ? undefined : mediaPathFamily(first.path);
    if (family === undefined) return true;
    await this.#redirects.hold(child, { table: this.#tables.name, paths: batch });
    const done = await child.send(handOverLine(this.#batch(batch, family)));
    if (this.#isLost(child)) return true;
    if (done.ok) {
      this.#options.tell({ kind: "handed", pathIds: batch.map(idOf) });
      this.#times.handed();
      return true;
    }
    if (batch.length > 1) {
      // One of them spoils it for all: each for itself.
      for (const numbered of batch) await this.#give(child, [numbered]);
      return true;
    }
    for (const { pathId } of batch) this.#ledger.forget(pathId);
    this.#options.tell({ kind: "refused", pathIds: batch.map(idOf) });
    this.#complain("hand media to the kernel", done.error);
    return true;
  }

  async #check(child: NftChild): Promise<boolean> {
    this.#times.checked();
    const dead = await this.#checks.run(child, this.#tables.families);
    if (this.#isLost(child)) return true;
    this.#queue.leave(dead.map(idOf));
    if (this.#checks.isUneasy) this.#times.checkSoon();
    if (this.#ledger.size === 0) this.#times.rest();
    return true;
  }

  async #count(child: NftChild): Promise<boolean> {
    const startedAtMs = performance.now();
    const done = await this.#counts.run(child, this.#tables.families);
    this.#times.counted(performance.now() - startedAtMs);
    if (!done.ok && !this.#isLost(child)) return this.#abandon(child, done.error);
    if (this.#ledger.size === 0) this.#times.rest();
    return true;
  }

  #batch(paths: readonly NumberedPath[], family: OffloadFamily) {
    return { table: this.#tables.name, family, paths: paths.map(({ path }) => path) };
  }

  /** What nft was told before it ended is done with: the table is gone, and everybody was told so. */
  #isLost(child: NftChild): boolean {
    return this.#isClosed || this.#options.host.child !== child;
  }

  /** A path that cannot be taken back would relay for a call that is over: the table goes instead. */
  #abandon(child: NftChild, reason: string): boolean {
    this.#complain("take media back from the kernel, or count it", reason);
    child.abort();
    return false;
  }

  /** The end of nft is also the end of what it still was to do; that is no trouble. */
  #complain(what: string, reason: string): void {
    if (this.#isClosed) return;
    const text = `Cannot ${what}: ${reason}`;
    const event = { level: "warning", component: "firewall", event: "offload.failed" } as const;
    this.#options.onLog({ ...event, text, once: text });
  }
}

function idOf({ pathId }: NumberedPath | LedgerEntry): number {
  return pathId;
}

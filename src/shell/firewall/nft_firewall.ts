import { ok, type Result } from "../../base/result.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import {
  dropLine,
  type NftPlan,
  openLine,
  rulesLine,
  shutLine,
  tableLine,
} from "../../nft/nft_plan.ts";
import type { FirewallModule, FirewallStream } from "./firewall_module.ts";
import type { NftChild } from "./nft_child.ts";
import type { NftHost, NftTenant } from "./nft_host.ts";

/** Time after which a port shuts by itself should the daemon hang, and the period that keeps it open. */
const OPEN_SECONDS = 600;
const REFRESH_INTERVAL_MS = 120_000;

/** Ports in one transaction: 32 streams, about 20 ms of nft, so that the next call does not wait longer. */
const MAX_BATCH_PORTS = 64;

/** What the module works with. */
export interface NftFirewallOptions {
  readonly plan: NftPlan;
  readonly host: NftHost;
  readonly onLog: (event: LogEvent) => void;
  readonly refreshIntervalMs?: number;
}

/** Marks packets and opens ports of live streams, by one table that an nft of ours owns. */
export class NftFirewall implements FirewallModule {
  readonly #options: NftFirewallOptions;
  readonly #tenant: NftTenant;
  /** Streams whose ports are, or are to be, open. */
  readonly #live = new Map<number, readonly SocketAddress[]>();
  #toOpen: SocketAddress[] = [];
  #toShut: SocketAddress[] = [];
  #plan: NftPlan;
  #pumping: Promise<void> | undefined;
  #timer: number | undefined;
  #isClosed = false;

  constructor(options: NftFirewallOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#tenant = {
      fill: (child) => this.#fill(child),
      onAgain: () => this.#refresh(),
    };
  }

  /** Whether the table is there at this moment. */
  get isUp(): boolean {
    return this.#options.host.child !== undefined;
  }

  /** Makes the table. */
  async open(): Promise<Result<undefined>> {
    const opened = await this.#options.host.add(this.#tenant);
    if (!opened.ok) return opened;
    const intervalMs = this.#options.refreshIntervalMs ?? REFRESH_INTERVAL_MS;
    this.#timer = setInterval(() => this.#refresh(), intervalMs);
    this.#refresh();
    return ok(undefined);
  }

  /** Goes by other marks, ports or addresses; open ports stay open. */
  async replan(plan: NftPlan): Promise<void> {
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    this.#plan = plan;
    const done = await this.#options.host.child?.send(rulesLine(plan));
    if (done?.ok === false) this.#complain("change the firewall table", done.error);
  }

  /** Opens the ports of a stream. */
  streamStart(stream: FirewallStream): void {
    if (this.#plan.doors === "untouched") return;
    const ports = doors(stream);
    this.#live.set(stream.streamId, ports);
    this.#toOpen.push(...ports);
    this.#pump();
  }

  /** Doors are for everybody: the relay itself lets in only whom the stream belongs to. */
  streamChange(): void {}

  /** Shuts the ports of a stream. */
  streamStop(stream: FirewallStream): void {
    const ports = this.#live.get(stream.streamId);
    if (ports === undefined) return;
    this.#live.delete(stream.streamId);
    // One that waits to be opened must not be opened after it was shut.
    this.#toOpen = this.#toOpen.filter((port) => !ports.includes(port));
    this.#toShut.push(...ports);
    this.#pump();
  }

  /** Waits until nft has done what it was told so far. */
  async settled(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping;
  }

  /** Removes the table. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isClosed = true;
    await this.#options.host.remove(this.#tenant, [dropLine(this.#plan)]);
  }

  async #fill(child: NftChild): Promise<Result<string>> {
    const made = await child.send(tableLine(this.#plan));
    return made.ok ? await child.send(rulesLine(this.#plan)) : made;
  }

  /** Opens again what should be open: the time of each port begins anew, and a new table learns them all. */
  #refresh(): void {
    this.#toOpen = [...this.#live.values()].flat();
    this.#pump();
  }

  #pump(): void {
    this.#pumping ??= this.#sendAll();
  }

  /** Shuts first: a port that ends one stream and begins another in between ends up open. */
  async #sendAll(): Promise<void> {
    // What comes in the same moment goes in the same transaction.
    await Promise.resolve();
    try {
      await this.#sendWaiting();
    } finally {
      // In the same step as the last look, so that nothing comes between the two.
      this.#pumping = undefined;
    }
  }

  async #sendWaiting(): Promise<void> {
    while (this.#toShut.length + this.#toOpen.length > 0) {
      const child = this.#options.host.child;
      const isShutting = this.#toShut.length > 0;
      const ports = (isShutting ? this.#toShut : this.#toOpen).splice(0, MAX_BATCH_PORTS);
      // Without a table nothing is shut, and a new one is told all that is live.
      if (child === undefined) continue;
      const { table } = this.#plan;
      const line = isShutting
        ? shutLine(table, ports)
        : openLine(table, { ports, timeoutSeconds: OPEN_SECONDS });
      const done = await child.send(line);
      if (!done.ok) this.#complain(isShutting ? "shut ports" : "open ports", done.error);
    }
  }

  /** The end of nft is also the end of what it still was to do; that is no trouble. */
  #complain(what: string, reason: string): void {
    if (this.#isClosed) return;
    const text = `Cannot ${what}: ${reason}`;
    this.#options.onLog({
      level: "warning",
      component: "firewall",
      event: "firewall.failed",
      text,
    });
  }
}

/** The ports that strangers can reach: those of the Internet side, and of the other one where both are one address. */
function doors({ lan, wan }: FirewallStream): readonly SocketAddress[] {
  const legs = lan.own.address === wan.own.address ? [wan, lan] : [wan];
  return legs.flatMap(({ own }) => [own, { address: own.address, port: own.port + 1 }]);
}

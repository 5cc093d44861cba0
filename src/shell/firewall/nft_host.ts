import { ok, type Result } from "../../base/result.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { NftChild, NftProcess } from "./nft_child.ts";
import { NftKeeper } from "./nft_keeper.ts";

/** Somebody with a table in the one nft of the daemon. */
export interface NftTenant {
  /** Makes the table in an nft that has none. */
  readonly fill: (child: NftChild) => Promise<Result<string>>;
  /** The table is there again, empty, after an nft that ended. */
  readonly onAgain: () => void;
  /** The table is gone: nft ended. */
  readonly onLost?: () => void;
}

/** What a host works with. */
export interface NftHostOptions {
  readonly spawn: () => Result<NftProcess>;
  readonly onLog: (event: LogEvent) => void;
  readonly backOffMs?: readonly number[];
}

/** The one nft of the daemon, shared by all who have a table: it starts with the first and ends with the last. */
export class NftHost {
  readonly #keeper: NftKeeper;
  readonly #tenants = new Set<NftTenant>();

  constructor(options: NftHostOptions) {
    this.#keeper = new NftKeeper({
      ...options,
      fill: (child) => this.#fillAll(child),
      onAgain: () => this.#tell((tenant) => tenant.onAgain()),
      onLost: () => this.#tell((tenant) => tenant.onLost?.()),
    });
  }

  /** The nft with everybody's table; undefined while there is none. */
  get child(): NftChild | undefined {
    return this.#keeper.child;
  }

  /** Makes a tenant's table; one that cannot be made leaves those of the others as they are. */
  async add(tenant: NftTenant): Promise<Result<undefined>> {
    const isFirst = this.#tenants.size === 0;
    if (!isFirst) {
      const filled = this.child === undefined ? ok("") : await tenant.fill(this.child);
      if (!filled.ok) return filled;
    }
    this.#tenants.add(tenant);
    if (!isFirst) return ok(undefined);
    const opened = await this.#keeper.open();
    if (!opened.ok) this.#tenants.delete(tenant);
    return opened;
  }

  /** Removes a tenant's tables; the last one takes nft with it. */
  async remove(tenant: NftTenant, dropLines: readonly string[]): Promise<void> {
    if (!this.#tenants.delete(tenant)) return;
    if (this.#tenants.size === 0) return await this.#keeper.close();
    for (const line of dropLines) await this.child?.send(line);
  }

  async #fillAll(child: NftChild): Promise<Result<string>> {
    for (const tenant of this.#tenants) {
      const filled = await tenant.fill(child);
      if (!filled.ok) return filled;
    }
    return ok("");
  }

  #tell(how: (tenant: NftTenant) => void): void {
    for (const tenant of this.#tenants) how(tenant);
  }
}

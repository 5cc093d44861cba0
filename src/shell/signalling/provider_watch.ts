import type { HostQuery } from "../../dns/host_query.ts";
import type { HostTable } from "../../dns/host_table.ts";
import { providerAddresses, providerQueries } from "../../proxy/provider_names.ts";
import type { ProxyState } from "../../proxy/state.ts";

/** What a watch works with. */
export interface ProviderWatchParts {
  readonly state: Pick<ProxyState, "config" | "bindings" | "providers">;
  readonly hosts: Pick<HostTable, "lookUp">;
  readonly resolve: (query: HostQuery) => Promise<void>;
  readonly now: () => number;
}

/** Keeps the addresses of the providers' servers up to date, beside the message path. */
export class ProviderWatch {
  readonly #parts: ProviderWatchParts;

  constructor(parts: ProviderWatchParts) {
    this.#parts = parts;
  }

  /** Looks all names up again; it ends as the resolver does and never rejects. */
  async refresh(): Promise<void> {
    const { state, hosts, resolve, now } = this.#parts;
    const queries = providerQueries(state);
    await Promise.all(queries.map(resolve));
    state.providers = providerAddresses(queries, (query) => hosts.lookUp(query, now()));
  }
}

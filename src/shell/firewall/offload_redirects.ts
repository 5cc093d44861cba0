import type { IpAddress } from "../../base/ip_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { MAX_QUIET_PHONES } from "../../nft/offload_table.ts";
import type { NumberedPath } from "../../nft/path_ledger.ts";
import { quietLine } from "../../nft/path_lines.ts";
import type { NftChild } from "./nft_child.ts";

/** What there is to know about redirects. */
const TEXT = "A local call is relayed by the kernel: ICMP redirects to its phones are held back, " +
  "which sysctl net.ipv4.conf.all.send_redirects=0, and the same of the interface, does for all";

/**
 * Sees to it that two phones of one network are not told to talk to each other directly: their calls go in and out by
 * one interface, which a router takes for a detour.
 */
export class OffloadRedirects {
  readonly #onLog: (event: LogEvent) => void;
  readonly #quiet = new Set<IpAddress>();

  constructor(onLog: (event: LogEvent) => void) {
    this.#onLog = onLog;
  }

  /** The table, and the list in it, is gone. */
  reset(): void {
    this.#quiet.clear();
  }

  /** Notes the phones of local calls; that a list is full costs them no more than some redirects. */
  async hold(
    child: NftChild,
    batch: { readonly table: string; readonly paths: readonly NumberedPath[] },
  ): Promise<void> {
    const phones = new Set(
      batch.paths.filter(({ path }) => path.arrival.address === path.departure.address)
        .map(({ path }) => path.source.address)
        .filter((phone) => !this.#quiet.has(phone)),
    );
    if (phones.size === 0 || this.#quiet.size + phones.size > MAX_QUIET_PHONES) return;
    for (const phone of phones) this.#quiet.add(phone);
    const event = { level: "info", component: "firewall", event: "offload.local" } as const;
    this.#onLog({ ...event, text: TEXT, once: TEXT });
    await child.send(quietLine(batch.table, [...phones]));
  }
}

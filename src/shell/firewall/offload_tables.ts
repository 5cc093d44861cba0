import { ok, type Result } from "../../base/result.ts";
import { isNotPermitted } from "../../nft/answer_reader.ts";
import {
  dropTableLine,
  type OffloadFamily,
  type OffloadPlan,
  offloadRulesLine,
  offloadTableLine,
} from "../../nft/offload_table.ts";
import type { NftChild } from "./nft_child.ts";

/** The tables that relay media, one a family. */
export class OffloadTables {
  readonly #wanted: readonly OffloadFamily[];
  #plan: OffloadPlan;
  #families: readonly OffloadFamily[] = [];

  /**
   * @param plan name, ports and mark
   * @param families that the machine forwards
   */
  constructor(plan: OffloadPlan, families: readonly OffloadFamily[]) {
    this.#plan = plan;
    this.#wanted = families;
  }

  /** Name of both tables. */
  get name(): string {
    return this.#plan.table;
  }

  /** Families that have a table. */
  get families(): readonly OffloadFamily[] {
    return this.#families;
  }

  /** Lines that remove the tables. */
  get dropLines(): readonly string[] {
    return this.#families.map((family) => dropTableLine(this.name, family));
  }

  /** Makes the tables; a kernel without IPv6 relays IPv4 all the same. */
  async make(child: NftChild): Promise<Result<string>> {
    const made: OffloadFamily[] = [];
    let result: Result<string> = ok("");
    for (const family of this.#wanted) {
      result = await child.send(offloadTableLine(this.#plan, family));
      if (result.ok) made.push(family);
      else if (isNotPermitted(result.error)) return result;
    }
    this.#families = made;
    return made.length > 0 ? ok("") : result;
  }

  /** Goes by other ports or another mark; calls that are up keep their ports, whatever the range is now. */
  async change(child: NftChild | undefined, plan: OffloadPlan): Promise<Result<string>> {
    const old = this.#plan;
    const portLow = Math.min(plan.portLow, old.portLow);
    const portHigh = Math.max(plan.portHigh, old.portHigh);
    this.#plan = { ...plan, portLow, portHigh };
    let result: Result<string> = ok("");
    if (child === undefined || JSON.stringify(old) === JSON.stringify(this.#plan)) return result;
    for (const family of this.#families) {
      result = await child.send(offloadRulesLine(this.#plan, family));
      if (!result.ok) break;
    }
    return result;
  }
}

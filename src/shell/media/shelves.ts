import { type IpFamily, ipFamily } from "../../base/ip_address.ts";
import { sideAddress, type SideAddresses } from "../../base/side_addresses.ts";
import type { Side } from "../../base/socket_address.ts";
import type { PortPair } from "../../rtp/relay_command.ts";
import { emptyShelf, type Shelf } from "./media_shelf.ts";

/** Most pairs a side that a burst can raise the stock to: 800 calls a second use as many in 80 ms. */
const MAX_STOCK_PAIRS = 64;

/** Ready pairs of IPv6 on a side that has IPv4 too: few calls need them, and each use brings the next one. */
const SECOND_FAMILY_PAIRS = 4;

/** Name of a shelf: its side and family. */
export type ShelfKey = `${Side}${IpFamily}`;

const SIDES: readonly Side[] = ["lan", "wan"];
const FAMILIES: readonly IpFamily[] = [4, 6];
const KEYS: readonly ShelfKey[] = FAMILIES.flatMap((family) =>
  SIDES.map((side) => `${side}${family}` as const)
);

/** The idle pairs of both sides by family, and how many of each are to be ready; a family that a side lacks has none. */
export class Shelves {
  readonly #shelves: Readonly<Record<ShelfKey, Shelf>> = {
    lan4: emptyShelf(),
    wan4: emptyShelf(),
    lan6: emptyShelf(),
    wan6: emptyShelf(),
  };

  /** Every shelf. */
  get all(): readonly Shelf[] {
    return KEYS.map((key) => this.#shelves[key]);
  }

  /** A shelf by its name. */
  get(key: ShelfKey): Shelf {
    return this.#shelves[key];
  }

  /** The shelf that a pair belongs to. */
  of({ side, address }: PortPair): Shelf {
    return this.#shelves[`${side}${ipFamily(address)}`];
  }

  /** Takes new addresses. */
  settle(addresses: SideAddresses): void {
    for (const side of SIDES) {
      for (const family of FAMILIES) {
        this.#shelves[`${side}${family}`].address = sideAddress(addresses, { side, family });
      }
    }
  }

  /** Number of ready pairs of a side, of both families or one. */
  size(side: Side, family?: IpFamily): number {
    const ready = (of: IpFamily): number => this.#shelves[`${side}${of}`].free.size;
    return family === undefined ? ready(4) + ready(6) : ready(family);
  }

  /** Lets as many be ready as in quiet times. */
  calmDown(basePairs: number): void {
    const base = Math.min(basePairs, MAX_STOCK_PAIRS);
    for (const side of SIDES) {
      const first = this.#shelves[`${side}4`];
      first.targetPairs = base;
      const isSecond = first.address !== undefined;
      this.#shelves[`${side}6`].targetPairs = isSecond ? Math.min(base, SECOND_FAMILY_PAIRS) : base;
    }
  }

  /** Lets more be ready after a shortage. */
  raise(pairs: number): void {
    for (const shelf of this.all) {
      const wanted = Math.max(shelf.targetPairs * 2, pairs);
      shelf.targetPairs = Math.min(wanted, Math.max(MAX_STOCK_PAIRS, pairs));
    }
  }

  /** The emptiest shelf that has too little, those that cannot be filled aside. */
  neediest(stuck: ReadonlySet<ShelfKey>): ShelfKey | undefined {
    const ready = (key: ShelfKey): number => this.#shelves[key].free.size;
    const needy = KEYS.filter((key) =>
      !stuck.has(key) && ready(key) < this.#shelves[key].targetPairs
    );
    return needy.sort((left, right) => ready(left) - ready(right))[0];
  }
}

/** Counts packets inside a namespace, whatever becomes of them: a table of nftables that drops nothing. */

import { runCommand } from "../../bench/shell.ts";

const TABLE = "attack_watch";

/** Packets and bytes of a rule. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/** Counts what arrives in a namespace and matches. */
export class Watch {
  readonly #namespace: string;
  readonly #name: string;

  constructor(namespace: string, name: string) {
    this.#namespace = namespace;
    this.#name = name;
  }

  /** Packets and bytes so far. */
  async tally(): Promise<Tally> {
    const words = ["ip", "netns", "exec", this.#namespace, "nft", "list", "counter", "ip", TABLE];
    const { stdout } = await runCommand([...words, this.#name]);
    const found = /packets (\d+) bytes (\d+)/.exec(stdout);
    return { packets: Number(found?.[1]), bytes: Number(found?.[2]) };
  }

  /** Counts from zero again. */
  async reset(): Promise<void> {
    const words = ["ip", "netns", "exec", this.#namespace, "nft", "reset", "counter", "ip", TABLE];
    await runCommand([...words, this.#name]);
  }
}

/** Begins to count packets that arrive in a namespace; `match` is nft's own language. */
export async function watchArrivals(
  namespace: string,
  rule: { readonly name: string; readonly match: string },
): Promise<Watch> {
  const { name, match } = rule;
  const chain = "arrivals { type filter hook prerouting priority -300; policy accept; }";
  for (
    const command of [
      `add table ip ${TABLE}`,
      `add chain ip ${TABLE} ${chain}`,
      `add counter ip ${TABLE} ${name}`,
      `add rule ip ${TABLE} arrivals ${match} counter name ${name}`,
    ]
  ) await runCommand(["ip", "netns", "exec", namespace, "nft", command]);
  return new Watch(namespace, name);
}

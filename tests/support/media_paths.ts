/** Paths of relayed media as tests need them, and an nft that keeps elements and counters. */

import type { MediaPath } from "../../src/base/media_path.ts";
import type { SocketAddress } from "../../src/base/socket_address.ts";
import { ip } from "./address.ts";
import { FakeNft, type FakeReaction } from "./fake_nft.ts";

/** Makes a socket address. */
export function at(text: string, port: number): SocketAddress {
  return { address: ip(text), port };
}

/** The way of the n-th call from its phone to its peer; each has ports of its own. */
export function outgoingPath(number = 0): MediaPath {
  return {
    source: at("10.0.0.2", 4000 + 4 * number),
    arrival: at("10.0.0.1", 7070 + 4 * number),
    departure: at("203.0.113.1", 7072 + 4 * number),
    target: at("198.51.100.9", 5000 + 4 * number),
  };
}

/** The other direction. */
export function reversePath({ source, arrival, departure, target }: MediaPath): MediaPath {
  return { source: target, arrival: departure, departure: arrival, target: source };
}

/** A path of IPv6. */
export function outgoingPath6(): MediaPath {
  return {
    source: at("2001:db8:1::2", 4000),
    arrival: at("2001:db8:1::1", 7070),
    departure: at("2001:db8:2::1", 7072),
    target: at("2001:db8:2::9", 5000),
  };
}

/** An nft that remembers elements of maps, and counts what a test lets pass. */
export class FakeKernel {
  readonly nft: FakeNft;
  /** Elements by family, map and key, such as `ip dp 10.0.0.2 . 4000 . 7070`. */
  readonly elements: Map<string, { packets: number; bytes: number }> = new Map();
  /** What entered and left since it was read, by family and counter, such as `ip arrived`. */
  readonly sums: Map<string, number> = new Map();
  /** Lines that nft refuses, by what is in them. */
  refuses: ((line: string) => string | undefined) | undefined;
  /** What `list chains` answers. */
  chains = "";

  constructor() {
    this.nft = new FakeNft((line) => this.#react(line));
  }

  /** Keys of a map. */
  keys(map: string): readonly string[] {
    const start = `ip ${map} `;
    return [...this.elements.keys()].filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  }

  /** Lets packets of 200 bytes with headers enter by a path, and leave. */
  pass(path: MediaPath, packets: number): void {
    this.swallow(path, packets);
    const { source, target } = path;
    const key = `${source.address} . ${source.port} . ${target.address} . ${target.port}`;
    this.#count(`ip sp ${key}`, packets);
    this.sums.set("ip left", (this.sums.get("ip left") ?? 0) + packets);
  }

  /** Lets packets enter, and nothing leave. */
  swallow({ source, arrival }: MediaPath, packets: number): void {
    const from = `${source.address} . ${source.port}`;
    this.#count(`ip dp ${from} . ${arrival.port}`, packets);
    this.sums.set("ip arrived", (this.sums.get("ip arrived") ?? 0) + packets);
  }

  #count(key: string, packets: number): void {
    const element = this.elements.get(key);
    if (element === undefined) throw new Error(`Cannot count "${key}": no such element`);
    element.packets += packets;
    element.bytes += 200 * packets;
  }

  #react(line: string): FakeReaction {
    const refusal = this.refuses?.(line);
    if (refusal !== undefined) return { kind: "complain", text: `Error: ${refusal}` };
    if (line === "list chains") return { kind: "list", text: `${this.chains}}\n` };
    const [, family = "", map = ""] = /^list map (\S+) \S+ (\S+)$/.exec(line) ?? [];
    if (map !== "") return { kind: "list", text: this.#listing(`${family} ${map} `) };
    const [, of = "", name = ""] = /^reset counter (\S+) \S+ (\S+)$/.exec(line) ?? [];
    if (name !== "") return { kind: "list", text: this.#sum(`${of} ${name}`) };
    return this.#change(line);
  }

  #change(line: string): FakeReaction {
    const commands = line.split("; ");
    const wanted = commands.map((command) => {
      const [, verb, family, map, body = ""] =
        /^(add|delete) element (\S+) \S+ (\S+) \{ (.*) \}$/.exec(command) ?? [];
      const keys = body.split(", ").map((text) => text.split(" : ")[0] ?? "");
      return { verb, keys: keys.map((key) => `${family} ${map} ${key}`) };
    });
    for (const { verb, keys } of wanted) {
      const isMissing = verb === "delete" && keys.some((key) => !this.elements.has(key));
      if (isMissing) return { kind: "complain", text: "Error: No such file or directory" };
    }
    for (const { verb, keys } of wanted) {
      for (const key of keys) {
        if (verb === "delete") this.elements.delete(key);
        if (verb === "add") this.elements.set(key, { packets: 0, bytes: 0 });
      }
    }
    return { kind: "obey" };
  }

  #listing(start: string): string {
    const rows = [...this.elements].filter(([key]) => key.startsWith(start)).map(
      ([key, { packets, bytes }]) =>
        `${key.slice(start.length)} counter packets ${packets} bytes ${bytes} : 1`,
    );
    return `table t {\n\tmap m {\n\t\telements = { ${rows.join(",\n\t\t\t")} }\n\t}\n}\n`;
  }

  #sum(name: string): string {
    const packets = this.sums.get(name) ?? 0;
    this.sums.set(name, 0);
    return `table t {\n\tcounter c {\n\t\tpackets ${packets} bytes ${200 * packets}\n\t}\n}\n`;
  }
}

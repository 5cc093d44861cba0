/**
 * The table that relays media in the kernel, as lines for nft(8).
 *
 * Four maps rewrite what matches a path exactly; whatever misses the first one goes on untouched to the daemon's own
 * socket, so its lookup is the source check. Nothing here starts a program; the shell's driver sends the lines.
 *
 * @module
 */
import { wholeNumber } from "./whole_number.ts";

/** IPv4 and IPv6 have a table each. */
export type OffloadFamily = 4 | 6;

/** What the tables are told of the configuration. */
export interface OffloadPlan {
  /** Name of both tables, see `tableName`. */
  readonly table: string;
  /** First and last port that a packet is looked up for; others pass at the cost of one comparison. */
  readonly portLow: number;
  readonly portHigh: number;
  /** DSCP of relayed media, 0 … 63; 0 leaves what the sender set. */
  readonly dscp: number;
}

/** Highest port. */
const MAX_PORT = 65_535;

/** Highest value of the six bits (RFC 2474 §3). */
const MAX_DSCP = 63;

/** Phones that are spared ICMP redirects: more than any LAN has, and a bound for the kernel's memory. */
export const MAX_QUIET_PHONES = 4096;

/** The counter of what entered, and that of what left. */
export type OffloadCounter = "arrived" | "left";

/**
 * Gives the family's word in nft's language.
 *
 * @param family 4 or 6
 * @returns `ip` or `ip6`
 */
export function familyWord(family: OffloadFamily): "ip" | "ip6" {
  return family === 4 ? "ip" : "ip6";
}

/**
 * Writes the line that makes one table with all its rules; it belongs to the nft process and goes with it.
 *
 * @param plan ports and mark
 * @param family of the table
 * @returns one line, one transaction
 */
export function offloadTableLine(plan: OffloadPlan, family: OffloadFamily): string {
  const word = familyWord(family);
  const parts = [
    "flags owner",
    "counter arrived { }",
    "counter left { }",
    `set quiet { type ipv${family}_addr; size ${MAX_QUIET_PHONES}; }`,
    `map da { typeof ${keyTypes(word)} : ${word} daddr; }`,
    `map dp { typeof ${word} saddr . udp sport . udp dport : udp dport; counter; }`,
    `map sp { typeof ${keyTypes(word)} : udp sport; counter; }`,
    `map sa { typeof ${keyTypes(word)} : ${word} saddr; }`,
    `chain pre { type filter hook prerouting priority -310; policy accept; ${
      arrivalRule(plan, family)
    }; }`,
    `chain post { type filter hook postrouting priority 350; policy accept; ${
      departureRule(word)
    }; }`,
    `chain out { type filter hook output priority 0; policy accept; ${redirectRule(family)}; }`,
  ];
  return `table ${word} ${plan.table} { ${parts.map((part) => `${part}; `).join("")}}`;
}

/**
 * Writes the line that goes by other ports or another mark; what is relayed goes on meanwhile.
 *
 * @param plan ports and mark
 * @param family of the table
 * @returns one line, one transaction
 */
export function offloadRulesLine(plan: OffloadPlan, family: OffloadFamily): string {
  const chain = `${familyWord(family)} ${plan.table} pre`;
  return `flush chain ${chain}; add rule ${chain} ${arrivalRule(plan, family)}`;
}

/**
 * Writes the line that removes a table.
 *
 * @param table its name
 * @param family of the table
 * @returns one line
 */
export function dropTableLine(table: string, family: OffloadFamily): string {
  return `delete table ${familyWord(family)} ${table}`;
}

/**
 * Writes the line that reads one of the two sums and sets it to zero: nft reads nothing else for it, where listing
 * a counter would read every element of the table.
 *
 * @param counter what entered or what left
 * @param of table and family
 * @returns a line that is answered by a listing
 */
export function sumLine(
  counter: OffloadCounter,
  of: { readonly table: string; readonly family: OffloadFamily },
): string {
  return `reset counter ${familyWord(of.family)} ${of.table} ${counter}`;
}

function keyTypes(word: "ip" | "ip6"): string {
  return `${word} saddr . udp sport . ${word} daddr . udp dport`;
}

/**
 * Turns a packet of a known path towards its target, out of sight of connection tracking and NAT.
 *
 * Each `set` changes the packet and the next key sees it changed, hence `dp` without the destination address. The
 * time to live counts down as on any router, so that two relays that send to each other end it.
 */
function arrivalRule(plan: OffloadPlan, family: OffloadFamily): string {
  const word = familyWord(family);
  const { dscp } = plan;
  const rule = [
    `udp dport ${port(plan.portLow)}-${port(plan.portHigh)}`,
    // Without a checksum (RFC 768) there is none to correct: the daemon sends such packets with one of its own.
    "udp checksum != 0",
    // Only a first fragment has ports; the others would be lost.
    family === 4 ? "ip frag-off & 0x3fff == 0" : "exthdr frag missing",
    // RTP and RTCP begin with version 2 (RFC 3550 §5.1); STUN, DTLS and garbage are the daemon's to judge.
    "@th,64,2 2",
    `${word} daddr set ${keyTypes(word)} map @da`,
    `udp dport set ${word} saddr . udp sport . udp dport map @dp`,
  ];
  if (dscp > 0) rule.push(`${word} dscp set ${wholeNumber(dscp, MAX_DSCP)}`);
  rule.push("notrack", "counter name arrived");
  return rule.join(" ");
}

/** Gives the packet our address and port; before routing, an own source address would be refused as a forgery. */
function departureRule(word: "ip" | "ip6"): string {
  const key = keyTypes(word);
  return `meta l4proto udp udp sport set ${key} map @sp ${word} saddr set ${key} map @sa counter name left`;
}

/**
 * Two phones of one network would be told to talk to each other directly (RFC 1812 §5.2.7.2, RFC 4861 §8), once for
 * every few packets, about packets that they never sent there.
 */
function redirectRule(family: OffloadFamily): string {
  return family === 4
    ? "icmp type redirect ip daddr @quiet drop"
    : "icmpv6 type nd-redirect ip6 daddr @quiet drop";
}

function port(value: number): number {
  return wholeNumber(value, MAX_PORT);
}

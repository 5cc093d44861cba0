/**
 * What the daemon asks of the kernel's firewall, as lines for nft(8), and what nft answers.
 * Every line is built from numbers and parsed addresses alone; nothing here starts a program, and nothing from the
 * network is ever part of a line as it came. The shell's driver sends the lines and feeds the answers.
 *
 * @module
 */
import type { IpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import { wholeNumber } from "./whole_number.ts";

/** What the daemon's table does; everything else of the firewall stays as it is. */
export interface NftPlan {
  /** See {@linkcode tableName}. */
  readonly table: string;
  /** First and last UDP port of media, RTCP included. */
  readonly mediaPortLow: number;
  readonly mediaPortHigh: number;
  /** DSCP of media, 0 … 63; 0 sets none. */
  readonly mediaDscp: number;
  /** Own port of SIP. */
  readonly sipPort: number;
  /** Ports of servers that are reached over TCP, where our own port is any. */
  readonly sipServerPorts: readonly number[];
  /** DSCP of SIP, 0 … 63; 0 sets none. */
  readonly sipDscp: number;
  /** `live`: media ports of the guarded addresses are shut unless a stream is live on them. */
  readonly doors: "untouched" | "live";
  /** Own addresses whose media ports are shut. */
  readonly guarded: readonly IpAddress[];
}

/** Highest value of the six bits (RFC 2474 §3). */
const MAX_DSCP = 63;

/** Highest port. */
const MAX_PORT = 65_535;

/**
 * Names the table; each daemon has one of its own, since only one process can own a table.
 *
 * @param processId of the daemon
 * @returns a name that nft takes
 */
export function tableName(processId: number): string {
  return `siproxd_${wholeNumber(processId, Number.MAX_SAFE_INTEGER)}`;
}

/**
 * Tells whether there is anything to do.
 *
 * @param plan what is wanted
 * @returns false when no mark is to be set and no door to be shut
 */
export function needsTable(plan: NftPlan): boolean {
  return plan.mediaDscp > 0 || plan.sipDscp > 0 || plan.doors === "live";
}

/**
 * Writes the line that makes the table, empty; it belongs to the nft process and goes with it.
 *
 * Nobody else can change it meanwhile, and somebody else's `nft flush ruleset` leaves it (kernel 5.12 and later).
 *
 * @param plan what is wanted
 * @returns one line, one transaction
 */
export function tableLine(plan: NftPlan): string {
  const out = "chain out { type filter hook output priority mangle; policy accept; };";
  return `table inet ${plan.table} { flags owner; ${plan.doors === "live" ? DOORS : ""}${out} }`;
}

/** Sets and chain of the doors: in front of the machine's own input chain, which still has the last word. */
const DOORS = "set live4 { typeof ip daddr . udp dport; flags timeout; }; " +
  "set live6 { typeof ip6 daddr . udp dport; flags timeout; }; " +
  "set guarded4 { type ipv4_addr; }; set guarded6 { type ipv6_addr; }; " +
  "chain in { type filter hook input priority -5; policy accept; }; ";

/**
 * Writes the line that fills the table, whatever stood in it before; live ports stay as they are.
 *
 * @param plan what is wanted
 * @returns one line, one transaction
 */
export function rulesLine(plan: NftPlan): string {
  const { table } = plan;
  const commands = [`flush chain inet ${table} out`];
  for (const rule of markRules(plan)) commands.push(`add rule inet ${table} out ${rule}`);
  if (plan.doors === "live") commands.push(...doorCommands(plan));
  return commands.join("; ");
}

/**
 * Writes the line that removes the table.
 *
 * @param plan what was wanted
 * @returns one line
 */
export function dropLine(plan: NftPlan): string {
  return `delete table inet ${plan.table}`;
}

/**
 * Lists the rules that set marks, for our own table or for one that an operator makes.
 *
 * @param plan what is wanted
 * @returns rules of an output chain of family inet
 */
export function markRules(plan: NftPlan): readonly string[] {
  const media = `udp sport ${mediaRange(plan)}`;
  const sip = wholeNumber(plan.sipPort, MAX_PORT);
  const servers = [...new Set(plan.sipServerPorts)].map((port) => wholeNumber(port, MAX_PORT));
  const rules: string[] = [];
  if (plan.mediaDscp > 0) rules.push(...bothFamilies(media, plan.mediaDscp));
  if (plan.sipDscp === 0) return rules;
  rules.push(...bothFamilies(`udp sport ${sip}`, plan.sipDscp));
  rules.push(...bothFamilies(`tcp sport ${sip}`, plan.sipDscp));
  if (servers.length > 0) {
    rules.push(...bothFamilies(`tcp dport { ${servers.join(", ")} }`, plan.sipDscp));
  }
  return rules;
}

function bothFamilies(match: string, dscp: number): readonly string[] {
  const value = wholeNumber(dscp, MAX_DSCP);
  return [
    `meta nfproto ipv4 ${match} ip dscp set ${value}`,
    `meta nfproto ipv6 ${match} ip6 dscp set ${value}`,
  ];
}

function doorCommands(plan: NftPlan): readonly string[] {
  const { table, guarded } = plan;
  const range = mediaRange(plan);
  const commands = [
    `flush chain inet ${table} in`,
    `flush set inet ${table} guarded4`,
    `flush set inet ${table} guarded6`,
  ];
  for (const address of new Set(guarded)) {
    commands.push(`add element inet ${table} guarded${family(address)} { ${address} }`);
  }
  for (const [word, version] of [["ip", 4], ["ip6", 6]] as const) {
    const rule = `add rule inet ${table} in ${word} daddr`;
    commands.push(`${rule} . udp dport @live${version} accept`);
    commands.push(`${rule} @guarded${version} udp dport ${range} drop`);
  }
  return commands;
}

/**
 * Writes the line that opens ports, or keeps them open for another while.
 *
 * Adding, deleting and adding again in one transaction is the same for a port that is open, shut or timed out.
 *
 * @param table name of the table
 * @param open ports, and after how many seconds they shut by themselves
 * @returns one line, one transaction
 */
export function openLine(
  table: string,
  open: { readonly ports: readonly SocketAddress[]; readonly timeoutSeconds: number },
): string {
  const timeout = ` timeout ${wholeNumber(open.timeoutSeconds, Number.MAX_SAFE_INTEGER)}s`;
  return sets(open.ports).flatMap(([set, ports]) => {
    const { plain, timed } = elements(ports, timeout);
    return [
      `add element inet ${table} ${set} ${plain}`,
      `delete element inet ${table} ${set} ${plain}`,
      `add element inet ${table} ${set} ${timed}`,
    ];
  }).join("; ");
}

/**
 * Writes the line that shuts ports; one that is shut already is no error.
 *
 * @param table name of the table
 * @param ports what to shut
 * @returns one line, one transaction
 */
export function shutLine(table: string, ports: readonly SocketAddress[]): string {
  return sets(ports).flatMap(([set, shut]) => {
    const { plain } = elements(shut, "");
    return [
      `add element inet ${table} ${set} ${plain}`,
      `delete element inet ${table} ${set} ${plain}`,
    ];
  }).join("; ");
}

/** Ports by the set that holds their family. */
function sets(
  ports: readonly SocketAddress[],
): readonly (readonly [string, readonly SocketAddress[]])[] {
  return ([4, 6] as const).map((version) =>
    [`live${version}`, ports.filter(({ address }) => family(address) === version)] as const
  ).filter(([, some]) => some.length > 0);
}

function elements(
  ports: readonly SocketAddress[],
  timeout: string,
): { readonly plain: string; readonly timed: string } {
  const keys = ports.map(({ address, port }) => `${address} . ${wholeNumber(port, MAX_PORT)}`);
  return {
    plain: `{ ${keys.join(", ")} }`,
    timed: `{ ${keys.map((key) => `${key}${timeout}`).join(", ")} }`,
  };
}

function family(address: IpAddress): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

function mediaRange(plan: NftPlan): string {
  return `${wholeNumber(plan.mediaPortLow, MAX_PORT)}-${wholeNumber(plan.mediaPortHigh, MAX_PORT)}`;
}

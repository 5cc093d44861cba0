/**
 * Who may talk SIP to us and who may register: the three access lists of siproxd.conf.
 * It resolves no name and waits for none: names are answered from the host cache or do not match yet.
 * The proxy asks it for each message before anything is parsed.
 *
 * @module
 */
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { type IpNetwork, makeIpNetwork, networkContains } from "../base/ip_network.ts";
import type { Side } from "../base/socket_address.ts";

/** What a source may do: both, everything but REGISTER, or nothing. */
export type AccessRight = "sip-and-register" | "sip" | "none";

/** One `host/bits` of a list, checked by the configuration. */
export interface AccessListEntry {
  readonly kind: "address" | "name";
  readonly host: string;
  /** Prefix length; for a name it counts for its IPv4 addresses. */
  readonly bits: number;
}

/** The lists as configured. */
export interface AccessListSettings {
  readonly allowReg: readonly AccessListEntry[] | undefined;
  readonly allowSip: readonly AccessListEntry[] | undefined;
  readonly denySip: readonly AccessListEntry[] | undefined;
}

/** Gives the addresses of a name at once; an empty list while they are not known. */
export type NameLookUp = (host: string) => readonly IpAddress[];

type Rule =
  | { readonly kind: "everyone" }
  | { readonly kind: "network"; readonly network: IpNetwork }
  | { readonly kind: "name"; readonly host: string; readonly bits: number };

/** The lists in the form they are asked in; an empty one is one that is not set, as in siproxd. */
export interface AccessLists {
  readonly denySip: readonly Rule[];
  readonly allowSip: readonly Rule[];
  readonly allowReg: readonly Rule[];
}

/** Who asks. */
export interface AccessQuestion {
  readonly source: IpAddress;
  /** The network the message came from. */
  readonly side: Side;
}

/**
 * Prepares the lists once, so that a message costs a few comparisons only.
 *
 * @param config the lists as configured; entries were checked there
 * @returns the prepared lists
 */
export function compileAccessLists(config: AccessListSettings): AccessLists {
  return {
    denySip: (config.denySip ?? []).flatMap(compileEntry),
    allowSip: (config.allowSip ?? []).flatMap(compileEntry),
    allowReg: (config.allowReg ?? []).flatMap(compileEntry),
  };
}

/**
 * Decides what a source may do: deny list, then SIP list, then registration list.
 *
 * Unlike siproxd, an unset registration list admits phones on the inbound side only: the Internet may register
 * nowhere unless a list says so.
 *
 * @param question who asks
 * @param context prepared lists, and what answers names from memory
 * @returns the right of the source
 */
export function evaluateAccess(
  question: AccessQuestion,
  context: { readonly lists: AccessLists; readonly lookUp: NameLookUp },
): AccessRight {
  const { denySip, allowSip, allowReg } = context.lists;
  const isIn = (rules: readonly Rule[]) =>
    rules.some((rule) => matches(rule, { source: question.source, lookUp: context.lookUp }));
  if (isIn(denySip)) return "none";
  if (allowReg.length > 0 && isIn(allowReg)) return "sip-and-register";
  if (allowSip.length > 0 && !isIn(allowSip)) return "none";
  return allowReg.length === 0 && question.side === "lan" ? "sip-and-register" : "sip";
}

/**
 * Tells whether a list names a source, which a rule for everybody does not.
 *
 * @param source the sender
 * @param context prepared lists, and what answers names from memory
 * @returns true for one that hosts_allow_sip or hosts_allow_reg stands for
 */
export function accessNamesSource(
  source: IpAddress,
  context: { readonly lists: AccessLists; readonly lookUp: NameLookUp },
): boolean {
  const { allowSip, allowReg } = context.lists;
  const names = (rule: Rule) =>
    rule.kind !== "everyone" && matches(rule, { source, lookUp: context.lookUp });
  return allowSip.some(names) || allowReg.some(names);
}

function compileEntry(entry: AccessListEntry): Rule[] {
  // The old 0.0.0.0/0 has always been everybody; ::/0 is everybody by IPv6.
  if (entry.bits === 0 && !entry.host.includes(":")) return [{ kind: "everyone" }];
  if (entry.kind === "name") return [{ kind: "name", host: entry.host, bits: entry.bits }];
  const address = parseIpAddress(entry.host);
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8: addresses are compared folded.
  const isFolded = entry.host.includes(":") && address?.includes(":") === false;
  const bits = isFolded ? Math.max(entry.bits - 96, 0) : entry.bits;
  const network = address === undefined ? undefined : makeIpNetwork(address, bits);
  return network === undefined ? [] : [{ kind: "network", network }];
}

function matches(
  rule: Rule,
  asked: { readonly source: IpAddress; readonly lookUp: NameLookUp },
): boolean {
  switch (rule.kind) {
    case "everyone":
      return true;
    case "network":
      return networkContains(rule.network, asked.source);
    case "name":
      return asked.lookUp(rule.host).some((address) => nameContains(address, rule, asked.source));
  }
}

/** Bits of a name count for its IPv4 addresses, as they always have; an IPv6 address matches as a whole. */
function nameContains(
  address: IpAddress,
  rule: { readonly bits: number },
  source: IpAddress,
): boolean {
  const network = makeIpNetwork(address, rule.bits);
  if (address.includes(":") || network === undefined) return address === source;
  return networkContains(network, source);
}

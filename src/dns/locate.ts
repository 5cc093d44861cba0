import { type IpAddress, ipFamily, parseIpAddress } from "../base/ip_address.ts";
import { type DnsAnswers, type DnsQuestion, questionKey, type SrvRecord } from "./dns_record.ts";
import { canonicalHost } from "./host_name.ts";
import type { HostQuery, RouteTarget } from "./host_query.ts";
import { naptrChoices, type SrvChoice } from "./naptr.ts";
import { orderSrv } from "./srv_order.ts";

/** RFC 3261 §19.1.2: the port when neither the URI nor an SRV record names one. */
export const DEFAULT_SIP_PORT = 5060;

/** RFC 8489 §8.1: the same for STUN. */
const DEFAULT_STUN_PORT = 3478;

/**
 * Gives the port of a host that neither the query nor an SRV record names one for.
 *
 * @param query what is to be found
 * @returns the service's usual port
 */
export function defaultPort(query: HostQuery): number {
  return query.service === "stun" ? DEFAULT_STUN_PORT : DEFAULT_SIP_PORT;
}

/** Targets kept of one name: fail-over tries them one after the other, and nobody waits for a tenth. */
export const MAX_TARGETS = 16;

/** Host names of SRV records that are asked for: a domain's owner must not make us ask hundreds of questions. */
const MAX_SERVER_HOSTS = 8;

/** Address families to ask for, best first. */
export type AddressFamilies = readonly (4 | 6)[];

/** What a look-up goes by. */
export interface LocateContext {
  /** Every answer so far; a question that nobody answered stands there with no records. */
  readonly answers: DnsAnswers;
  readonly families: AddressFamilies;
  /** Number from 0 up to, not including, 1: the weighted draw of RFC 2782. */
  readonly random: () => number;
}

/** What was found: servers by SRV with their own ports, or the bare addresses of a host. */
export type Located =
  | {
    readonly kind: "servers";
    readonly targets: readonly [RouteTarget, ...RouteTarget[]];
    /** How many of the first targets are equally good: same transport choice, same priority. */
    readonly equals: number;
  }
  | { readonly kind: "addresses"; readonly addresses: readonly [IpAddress, ...IpAddress[]] };

/** Next thing to do in a look-up: ask questions (all at once), or an end. */
export type LocateStep =
  | { readonly kind: "ask"; readonly questions: readonly DnsQuestion[] }
  | { readonly kind: "found"; readonly located: Located }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Decides the next step of finding a SIP server (RFC 3263 §4.1 and §4.2) from the answers at hand.
 *
 * Call it with no answers, ask what it says, and call it again with all answers so far. Questions that do not depend
 * on each other are asked together, so that a slow name server costs its delay three times at the very most.
 *
 * @param query what is to be found; literals are the cache's business, not asked here
 * @param context answers so far, address families and the draw
 * @returns what to ask, what was found, or why nothing was
 */
export function nextLocateStep(query: HostQuery, context: LocateContext): LocateStep {
  const { answers } = context;
  const host = canonicalHost(query.host);
  if (host === undefined) return { kind: "failed", reason: "not a host name" };
  const addressQuestions = questionsFor(host, context);
  if (query.method === "address" || query.port !== undefined) {
    return missing(addressQuestions, answers) ?? addressEnd(host, context);
  }
  const firstQuestions = [...serviceQuestions(host, query), ...addressQuestions];
  const choices = srvChoices(host, { query, answers });
  const srvQuestions: DnsQuestion[] = choices.map(({ name }) => ({ type: "SRV", name }));
  const ask = missing([...firstQuestions, ...srvQuestions], answers);
  if (ask !== undefined) return ask;
  const records = choices.map((choice) => srvRecords(choice, answers));
  const hosts = serverHosts(records).flatMap((name) => questionsFor(name, context));
  return missing(hosts, answers) ?? serverEnd(host, { choices, records, context });
}

function questionsFor(host: string, context: LocateContext): DnsQuestion[] {
  if (parseIpAddress(host) !== undefined) return [];
  return context.families.map((family) => ({ type: family === 4 ? "A" : "AAAA", name: host }));
}

function serviceQuestions(host: string, query: HostQuery): DnsQuestion[] {
  const { transport, service = "sip" } = query;
  if (transport !== undefined) return [{ type: "SRV", name: `_${service}._${transport}.${host}` }];
  return [
    { type: "NAPTR", name: host },
    { type: "SRV", name: `_sip._udp.${host}` },
    { type: "SRV", name: `_sip._tcp.${host}` },
  ];
}

function missing(questions: readonly DnsQuestion[], answers: DnsAnswers): LocateStep | undefined {
  const open = new Map<string, DnsQuestion>();
  for (const question of questions) {
    const key = questionKey(question);
    if (!answers.has(key)) open.set(key, question);
  }
  return open.size === 0 ? undefined : { kind: "ask", questions: [...open.values()] };
}

/** RFC 3263 §4.1: what NAPTR names; without NAPTR the SRV names of our transports, UDP first. */
function srvChoices(
  host: string,
  from: { readonly query: HostQuery; readonly answers: DnsAnswers },
): readonly SrvChoice[] {
  const { transport, service = "sip" } = from.query;
  if (transport !== undefined) return [{ name: `_${service}._${transport}.${host}`, transport }];
  const naptr = from.answers.get(questionKey({ type: "NAPTR", name: host }));
  const chosen = naptr?.type === "NAPTR" ? naptrChoices(naptr.records) : [];
  if (chosen.length > 0) return chosen;
  return [
    { name: `_sip._udp.${host}`, transport: "udp" },
    { name: `_sip._tcp.${host}`, transport: "tcp" },
  ];
}

/** Records of one SRV name whose targets and ports can be used. */
function srvRecords(choice: SrvChoice, answers: DnsAnswers): readonly SrvRecord[] {
  const answer = answers.get(questionKey({ type: "SRV", name: choice.name }));
  if (answer?.type !== "SRV") return [];
  return answer.records.flatMap((record) => {
    const target = canonicalHost(record.target);
    const usable = target !== undefined && record.port > 0 && record.port < 65536;
    return usable ? [{ ...record, target }] : [];
  });
}

/** Names to ask addresses of: those of the best choice and priority first. */
function serverHosts(records: readonly (readonly SrvRecord[])[]): string[] {
  const sorted = records.flatMap((list) =>
    [...list].sort((one, other) => one.priority - other.priority)
  );
  return [...new Set(sorted.map(({ target }) => target))].slice(0, MAX_SERVER_HOSTS);
}

interface ServerEnd {
  readonly choices: readonly SrvChoice[];
  readonly records: readonly (readonly SrvRecord[])[];
  readonly context: LocateContext;
}

function serverEnd(host: string, end: ServerEnd): LocateStep {
  const ranked = end.choices.flatMap(({ transport }, index) =>
    orderSrv(end.records[index] ?? [], end.context.random).flatMap(({ target, port, priority }) =>
      addressesOf(target, end.context).map((address) => ({
        target: { peer: Object.freeze({ address, port }), transport },
        rank: `${index} ${priority}`,
      }))
    )
  ).slice(0, MAX_TARGETS);
  const [first, ...others] = ranked.map(({ target }) => target);
  if (first === undefined) return addressEnd(host, end.context);
  const equals = ranked.filter(({ rank }) => rank === ranked[0]?.rank).length;
  return { kind: "found", located: { kind: "servers", targets: [first, ...others], equals } };
}

function addressEnd(host: string, context: LocateContext): LocateStep {
  const [first, ...others] = addressesOf(host, context).slice(0, MAX_TARGETS);
  if (first === undefined) return { kind: "failed", reason: "no address found" };
  return { kind: "found", located: { kind: "addresses", addresses: [first, ...others] } };
}

function addressesOf(host: string, context: LocateContext): IpAddress[] {
  const literal = parseIpAddress(host);
  if (literal !== undefined) return context.families.includes(ipFamily(literal)) ? [literal] : [];
  return questionsFor(host, context).flatMap((question) => {
    const answer = context.answers.get(questionKey(question));
    if (answer?.type !== "A" && answer?.type !== "AAAA") return [];
    return answer.records.flatMap((text) => parseIpAddress(text) ?? []);
  });
}

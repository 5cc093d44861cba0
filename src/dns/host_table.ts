import { parseIpAddress } from "../base/ip_address.ts";
import type { IpAddress } from "../base/ip_address.ts";
import { sameSocketAddress, type SocketAddress } from "../base/socket_address.ts";
import { canonicalHost } from "./host_name.ts";
import type { HostAnswer, HostQuery, RouteTarget } from "./host_query.ts";
import type { HostsTable } from "./hosts_file.ts";
import { defaultPort, type Located } from "./locate.ts";
import { PeerHealth } from "./peer_health.ts";

/** Life of a good answer: siproxd's; the runtime tells no TTL. */
const FRESH_MS = 60_000;

/** How long an old answer serves when asking again fails: a name server's outage must not end the telephony (RFC 8767). */
const STALE_MS = 3_600_000;

/** Rest after the first failure of a name; it doubles with each further one. */
const FIRST_RETRY_MS = 5_000;

/** Longest rest of a name that fails: siproxd's blacklist time. */
const MAX_RETRY_MS = 600_000;

/** Names held: a proxy has a few dozen; strangers' names must not push them out (failed ones go first). */
const MAX_NAMES = 1024;

type Targets = readonly [RouteTarget, ...RouteTarget[]];

interface Entry {
  readonly located: Located | undefined;
  readonly freshUntilMs: number;
  readonly staleUntilMs: number;
  /** Failures in a row since the last good answer. */
  readonly failures: number;
  readonly retryAtMs: number;
  readonly reason: string;
}

/** What a table starts with. */
export interface HostTableOptions {
  /** Names of /etc/hosts: answered at once, before any name server. */
  readonly hosts?: HostsTable;
}

/** The cache of looked-up names and of servers that did not answer; it never waits and never asks. */
export class HostTable {
  /** Last use last, so that the first is the one to throw out. */
  readonly #good = new Map<string, Entry>();
  readonly #failed = new Map<string, Entry>();
  readonly #hosts: HostsTable;
  readonly #health = new PeerHealth();

  constructor(options: HostTableOptions = {}) {
    this.#hosts = options.hosts ?? new Map();
  }

  /** Number of names held, failed ones included. */
  get size(): number {
    return this.#good.size + this.#failed.size;
  }

  /** Answers a query from memory; a literal is its own answer, and servers at rest stand last. */
  lookUp(query: HostQuery, nowMs: number): HostAnswer {
    const literal = parseIpAddress(query.host);
    if (literal !== undefined) return { kind: "targets", targets: [target(literal, query)] };
    const host = canonicalHost(query.host);
    if (host === undefined) return { kind: "failed", reason: "not a host name" };
    const [first, ...others] = this.#hosts.get(host) ?? [];
    if (first !== undefined) {
      return this.#answer({ kind: "addresses", addresses: [first, ...others] }, { query, nowMs });
    }
    const key = hostKey(query, host);
    const entry = this.#good.get(key) ?? this.#failed.get(key);
    if (entry === undefined) return { kind: "unknown" };
    if (entry.located !== undefined) this.#touch(key, entry);
    if (entry.located !== undefined && isServed(entry, nowMs)) {
      return this.#answer(entry.located, { query, nowMs });
    }
    return entry.retryAtMs > nowMs ? { kind: "failed", reason: entry.reason } : { kind: "unknown" };
  }

  /** Remembers what a look-up found; the server in use stays first while it is as good as the new first one. */
  store(query: HostQuery, found: { readonly located: Located; readonly nowMs: number }): void {
    const host = canonicalHost(query.host);
    if (host === undefined) return;
    const key = hostKey(query, host);
    const previous = this.#good.get(key)?.located;
    const { nowMs } = found;
    this.#put(key, {
      located: keepFirst(found.located, previous),
      freshUntilMs: nowMs + FRESH_MS,
      staleUntilMs: nowMs + FRESH_MS + STALE_MS,
      failures: 0,
      retryAtMs: nowMs,
      reason: "",
    });
  }

  /** Remembers that a look-up failed; an older good answer goes on serving for a while. */
  storeFailure(
    query: HostQuery,
    failure: { readonly reason: string; readonly nowMs: number },
  ): void {
    const host = canonicalHost(query.host);
    if (host === undefined) return;
    const key = hostKey(query, host);
    const entry = this.#good.get(key) ?? this.#failed.get(key);
    const { nowMs, reason } = failure;
    if (entry !== undefined && entry.freshUntilMs > nowMs) return;
    const failures = (entry?.failures ?? 0) + 1;
    const restMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS);
    const isStale = entry !== undefined && entry.staleUntilMs > nowMs;
    this.#put(key, {
      located: isStale ? entry.located : undefined,
      freshUntilMs: 0,
      staleUntilMs: isStale ? entry.staleUntilMs : 0,
      failures,
      retryAtMs: nowMs + restMs,
      reason,
    });
  }

  /** Puts a server to rest that did not answer: new transactions try the others first. */
  markDead(peer: SocketAddress, nowMs: number): void {
    this.#health.markDead(peer, nowMs);
  }

  /** Takes a server back that answered. */
  markAlive(peer: SocketAddress): void {
    this.#health.markAlive(peer);
  }

  /** Whether a server rests. */
  isResting(peer: SocketAddress, nowMs: number): boolean {
    return this.#health.isResting(peer, nowMs);
  }

  #answer(located: Located, at: { readonly query: HostQuery; readonly nowMs: number }): HostAnswer {
    const targets = targetsOf(located, at.query);
    if (this.#health.allWell || targets.length === 1) return { kind: "targets", targets };
    const resting = targets.filter(({ peer }) => this.#health.isResting(peer, at.nowMs));
    if (resting.length === 0) return { kind: "targets", targets };
    const [first, ...others] = targets.filter((one) => !resting.includes(one));
    if (first === undefined) return { kind: "targets", targets };
    return { kind: "targets", targets: [first, ...others, ...resting] };
  }

  #touch(key: string, entry: Entry): void {
    this.#good.delete(key);
    this.#good.set(key, entry);
  }

  #put(key: string, entry: Entry): void {
    this.#good.delete(key);
    this.#failed.delete(key);
    if (this.size >= MAX_NAMES) dropFirst(this.#failed.size > 0 ? this.#failed : this.#good);
    (entry.located === undefined ? this.#failed : this.#good).set(key, entry);
  }
}

/** Addresses are kept once for all ports and transports of a host; servers by the transport asked for. */
function hostKey(query: HostQuery, host: string): string {
  const isAddress = query.method === "address" || query.port !== undefined;
  return isAddress ? host : `_${query.service ?? "sip"}._${query.transport ?? "any"}.${host}`;
}

/** Fresh, or old while asking again has just failed. */
function isServed(entry: Entry, nowMs: number): boolean {
  return entry.freshUntilMs > nowMs || (entry.staleUntilMs > nowMs && entry.retryAtMs > nowMs);
}

function target(address: IpAddress, query: HostQuery): RouteTarget {
  const peer = Object.freeze({ address, port: query.port ?? defaultPort(query) });
  return { peer, transport: query.transport };
}

function targetsOf(located: Located, query: HostQuery): Targets {
  if (located.kind === "servers") return located.targets;
  const [first, ...others] = located.addresses;
  return [target(first, query), ...others.map((address) => target(address, query))];
}

/**
 * Keeps the first server of the last answer first while the new answer ranks it equal to its own first one: a
 * challenge made by one server must not be answered to another because of the next draw (RFC 3263 §4.3).
 */
function keepFirst(located: Located, previous: Located | undefined): Located {
  if (located.kind === "servers" && previous?.kind === "servers") {
    const [old] = previous.targets;
    const isOld = (other: RouteTarget) => sameSocketAddress(other.peer, old.peer);
    const same = located.targets.slice(0, located.equals).find(isOld);
    if (same === undefined) return located;
    const others = located.targets.filter((other) => other !== same);
    return { ...located, targets: [same, ...others] };
  }
  if (located.kind === "addresses" && previous?.kind === "addresses") {
    const [old] = previous.addresses;
    if (!located.addresses.includes(old)) return located;
    const others = located.addresses.filter((address) => address !== old);
    return { kind: "addresses", addresses: [old, ...others] };
  }
  return located;
}

function dropFirst(entries: Map<string, Entry>): void {
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}

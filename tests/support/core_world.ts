import { type IpAddress, ipFamily, parseIpAddress } from "../../src/base/ip_address.ts";
import { parseIpNetwork } from "../../src/base/ip_network.ts";
import { sideAddresses } from "../../src/base/side_addresses.ts";
import {
  type Side,
  type SocketAddress,
  socketAddressText,
  type Transport,
} from "../../src/base/socket_address.ts";
import type { Config } from "../../src/config/config.ts";
import type { HostAnswer, HostQuery } from "../../src/dns/host_query.ts";
import type { Env, OwnAddresses, StreamReach } from "../../src/proxy/env.ts";
import type { ListenPoint } from "../../src/proxy/input.ts";
import { type Action, MAX_RUNS } from "../../src/proxy/outcome.ts";
import {
  applyStateAction,
  askPluginStatistics,
  createProxyState,
  deliveryFailed,
  mediaExpired,
  repeatRequests,
  runPipeline,
  runTick,
  type Undelivered,
} from "../../src/proxy/proxy.ts";
import type { ProxyState } from "../../src/proxy/state.ts";
import type { PluginEffect } from "../../src/plugin/effect.ts";
import type { PluginChain } from "../../src/plugin/host.ts";
import type { PortPair } from "../../src/rtp/relay_command.ts";
import { encodeLatin1 } from "../../src/base/text.ts";

/** Parses an address that the test itself wrote. */
export function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(`Cannot parse address "${text}": fix the test`);
  return parsed;
}

/** Parses `host:port` that the test itself wrote. */
export function place(text: string): SocketAddress {
  const colon = text.lastIndexOf(":");
  return { address: address(text.slice(0, colon)), port: Number(text.slice(colon + 1)) };
}

/** What a simulated world starts with. */
export interface WorldOptions {
  readonly config: Config;
  readonly own?: Partial<OwnAddresses>;
  /** Names that can be looked up, several addresses with commas between; all others fail at the first need. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Port pairs a side; 10 by default, as 7070 … 7089 gives. */
  readonly pairs?: number;
  readonly plugins?: PluginChain;
}

/** Where a message comes from; a stream's connection is known by its peer. */
export interface Arrival {
  readonly side: Side;
  readonly source: string;
  readonly transport?: Transport;
}

/** The pure core with a clock, a name server and a port stock that tests hold in their hands; matrix topology. */
export class CoreWorld {
  readonly state: ProxyState;
  readonly #hosts: ReadonlyMap<string, string>;
  readonly #known = new Set<string>();
  readonly #free: Record<Side, PortPair[]>;
  readonly #taken = new Map<number, readonly PortPair[]>();
  readonly #config: Config;
  #draws = 0;
  own: OwnAddresses;
  nowMs = 1_000_000;
  /** `address:port` of peers that the system refuses to send to. */
  unreachable: ReadonlySet<string> = new Set();
  /** No name is resolved, and no pair of ports is left in stock. */
  outages: ReadonlySet<"look-up" | "bind"> = new Set();
  /** `address:port` of servers that take streams when a large request asks. */
  streamServers: ReadonlySet<string> = new Set();
  readonly #connections = new Map<string, number>();
  readonly #refused = new Set<string>();
  #lastConnectionId = 0;
  #lastStreamSend: Extract<Action, { kind: "send" }> | undefined;

  constructor(options: WorldOptions) {
    this.#config = options.config;
    this.state = createProxyState(options.config, options.plugins);
    this.#hosts = new Map(Object.entries(options.hosts ?? {}));
    this.own = {
      lan: address("10.0.0.1"),
      wan: address("192.0.2.1"),
      advertised: options.own?.wan ?? address("192.0.2.1"),
      lanNetworks: ["10.0.0.0/24", "fd00::/64"].map(parseIpNetwork)
        .filter((network) => network !== undefined),
      gateway: address("192.0.2.254"),
      ...options.own,
    };
    const pairs = options.pairs ?? 10;
    this.#free = { lan: this.#makePairs("lan", pairs), wan: this.#makePairs("wan", pairs) };
  }

  /** The world as a run sees it at this moment. */
  get env(): Env {
    return this.#env();
  }

  /** Free pairs of a side. */
  freePairs(side: Side): number {
    return this.#free[side].length;
  }

  /** Sends a message into the core and carries its outcome out; needs are supplied at once. */
  receive(text: string, from: Arrival): readonly Action[] {
    return this.receiveBytes(encodeLatin1(text), from);
  }

  /** The same for raw bytes. */
  receiveBytes(data: Uint8Array, from: Arrival): readonly Action[] {
    const { transport = "udp" } = from;
    const source = place(from.source);
    const family = ipFamily(source.address);
    const points = this.#listenPoints().filter((point) => point.side === from.side);
    const listenPoint = points.find(({ local }) => ipFamily(local.address) === family) ?? points[0];
    if (listenPoint === undefined) throw new Error(`Cannot receive: no socket on ${from.side}`);
    const connectionId = transport === "tcp" ? this.#connect(source) : undefined;
    const input = { data, source, listenPoint: { ...listenPoint, transport }, connectionId };
    for (let runs = 0; runs < MAX_RUNS; runs++) {
      const outcome = runPipeline(input, { state: this.state, env: this.#env() });
      if (outcome.kind === "done") return this.#apply(outcome.actions);
      if (outcome.need.kind === "host") this.#known.add(queryKey(outcome.need.query));
      if (outcome.need.kind === "stream") this.#probe(outcome.need.peer);
    }
    throw new Error("Cannot finish: the core asked more often than it may");
  }

  /** Lets time pass and runs the tick. */
  advance(byMs: number): readonly Action[] {
    this.nowMs += byMs;
    const repeated = this.#apply(repeatRequests({ state: this.state, env: this.#env() }));
    return [...repeated, ...this.#apply(runTick(this.state, this.#env()))];
  }

  /** Tells plugins that an operator asks for statistics. */
  askStatistics(): readonly Action[] {
    return this.#apply(askPluginStatistics(this.state, this.#env()));
  }

  /** Tells the core that a stream got no packet for its time-out; the relay has closed it and its ports are free again. */
  mediaExpired(streamId: number): readonly Action[] {
    this.#release(streamId);
    return this.#apply(mediaExpired(streamId, { state: this.state, env: this.#env() }));
  }

  /** Closes the connection of a peer. */
  disconnect(peer: string): void {
    this.#connections.delete(peer);
  }

  /** Lets the last message that went by a stream fail. */
  undelivered(reason: "refused" | "timeout"): readonly Action[] {
    const sent = this.#lastStreamSend;
    if (sent === undefined) throw new Error("Cannot fail: nothing was sent by a stream");
    this.disconnect(socketAddressText(sent.hop.peer));
    return this.deliveryFailed({ ...sent, reason });
  }

  /** Tells the core that a message could not be delivered. */
  deliveryFailed(undelivered: Undelivered): readonly Action[] {
    return this.#apply(deliveryFailed(undelivered, { state: this.state, env: this.#env() }));
  }

  #connect(peer: SocketAddress): number {
    const key = socketAddressText(peer);
    const connectionId = this.#connections.get(key) ?? ++this.#lastConnectionId;
    this.#connections.set(key, connectionId);
    return connectionId;
  }

  #probe(peer: SocketAddress): void {
    if (this.streamServers.has(socketAddressText(peer))) this.#connect(peer);
    else this.#refused.add(socketAddressText(peer));
  }

  #streamReach(peer: SocketAddress): StreamReach {
    const key = socketAddressText(peer);
    if (this.#connections.has(key)) return "open";
    return this.#refused.has(key) ? "refused" : "unknown";
  }

  #apply(actions: readonly Action[]): readonly Action[] {
    for (const action of actions) {
      applyStateAction(action, this);
      if (action.kind === "send" && action.hop.transport === "tcp") {
        this.#lastStreamSend = action;
        if (action.hop.connectionId === undefined) this.#connect(action.hop.peer);
      }
      if (action.kind === "plugin") this.#carryOut(action.effect);
      if (action.kind !== "relay") continue;
      const { command } = action;
      if (command.kind === "open") this.#take(command);
      if (command.kind === "close") this.#release(command.streamId);
    }
    return actions;
  }

  #carryOut(effect: PluginEffect): void {
    if (effect.kind === "advertise") this.own = { ...this.own, advertised: effect.address };
    if (effect.kind === "resolve") this.#known.add(queryKey(effect.query));
  }

  #take(command: { streamId: number; lanPairId: number; wanPairId: number }): void {
    const ids = new Set([command.lanPairId, command.wanPairId]);
    const pairs = [...this.#free.lan, ...this.#free.wan].filter((pair) => ids.has(pair.pairId));
    if (pairs.length !== 2) throw new Error("Cannot open stream: a pair is not free");
    this.#taken.set(command.streamId, pairs);
    for (const side of ["lan", "wan"] as const) {
      this.#free[side] = this.#free[side].filter((pair) => !ids.has(pair.pairId));
    }
  }

  #release(streamId: number): void {
    const pairs = this.#taken.get(streamId);
    if (pairs === undefined) throw new Error(`Cannot close stream ${streamId}: it is not open`);
    this.#taken.delete(streamId);
    for (const pair of pairs) this.#free[pair.side].push(pair);
  }

  #makePairs(side: Side, count: number): PortPair[] {
    return sideAddresses(this.own, side).flatMap((bound, family) =>
      Array.from({ length: count }, (_, index) => ({
        pairId: (side === "lan" ? 100 : 200) + 200 * family + index,
        side,
        address: bound,
        rtpPort: (side === "lan" ? 7072 : 7070) + 4 * index,
      }))
    );
  }

  #listenPoints(): readonly ListenPoint[] {
    const { listenPort } = this.#config.sip;
    const points: ListenPoint[] = [];
    for (const side of ["lan", "wan"] as const) {
      for (const bound of sideAddresses(this.own, side)) {
        points.push({ side, transport: "udp", local: { address: bound, port: listenPort } });
      }
    }
    const local = { address: address("127.0.0.1"), port: listenPort };
    return [...points, { side: "lan", transport: "udp", local }];
  }

  #env(): Env {
    return {
      nowMs: this.nowMs,
      own: this.own,
      lookUp: (query) => this.#lookUp(query),
      isResting: () => false,
      isUnreachable: (peer) => this.unreachable.has(socketAddressText(peer)),
      freePairs: (side) => this.outages.has("bind") ? [] : this.#free[side],
      mediaExhausted: true,
      keyedHash: fakeHash,
      randomHex: (digits) => fakeHash(`random ${++this.#draws}`).slice(0, digits),
      listenPoints: this.#listenPoints(),
      streams: "tcp",
      connectionTo: (peer) => this.#connections.get(socketAddressText(peer)),
      streamReach: (peer) => this.#streamReach(peer),
    };
  }

  #lookUp(query: HostQuery): HostAnswer {
    const text = parseIpAddress(query.host) ?? this.#hosts.get(query.host.toLowerCase());
    const isLiteral = parseIpAddress(query.host) !== undefined;
    if (!isLiteral && !this.#known.has(queryKey(query))) return { kind: "unknown" };
    if (text === undefined) return { kind: "failed", reason: "NXDOMAIN" };
    if (!isLiteral && this.outages.has("look-up")) return { kind: "failed", reason: "SERVFAIL" };
    const [first, ...others] = text.split(",").map((one) => ({
      peer: { address: address(one), port: query.port ?? 5060 },
      transport: query.transport,
    }));
    if (first === undefined) return { kind: "failed", reason: "NXDOMAIN" };
    return { kind: "targets", targets: [first, ...others] };
  }
}

function queryKey(query: HostQuery): string {
  return `${query.host} ${query.port ?? ""} ${query.transport ?? ""} ${query.method}`;
}

/** FNV-1a four times over: good enough to tell texts apart, the same on every machine. */
function fakeHash(text: string): string {
  let digits = "";
  for (let round = 0; round < 4; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
    digits += hash.toString(16).padStart(8, "0");
  }
  return digits;
}

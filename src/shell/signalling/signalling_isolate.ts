import { assertNever } from "../../base/assert_never.ts";
import type { IpAddress } from "../../base/ip_address.ts";
import { HostTable } from "../../dns/host_table.ts";
import { Counters } from "../../metrics/counters.ts";
import type { OwnAddresses } from "../../proxy/env.ts";
import { createProxyState, reconfigureState, restoreState } from "../../proxy/proxy.ts";
import type { ProxyState } from "../../proxy/state.ts";
import { probeJail } from "../machine/jail_probe.ts";
import { askNameServer } from "./ask_name_server.ts";
import { countAnswers } from "./count_answers.ts";
import { Journal } from "./journal.ts";
import { createKeyedHash } from "./keyed_hash.ts";
import {
  addressQuery,
  advertisedOf,
  configuredNames,
  familiesOf,
  NAME_REFRESH_MS,
  NAME_RETRY_MS,
  namedOutbound,
} from "./known_names.ts";
import { LiveEnv } from "./live_env.ts";
import { makeTransports } from "./make_transports.ts";
import { MediaLink } from "./media_link.ts";
import { PluginRunner } from "./plugin_runner.ts";
import type {
  FromSignalling,
  NetworkView,
  ReloadedSettings,
  SignallingSetup,
  ToSignalling,
} from "../protocol.ts";
import { SenderWatch } from "./sender_watch.ts";
import { createRandomHex } from "./random_hex.ts";
import { NameReport } from "./name_report.ts";
import { Resolver } from "./resolver.ts";
import { reconcileStreams } from "./reconcile_streams.ts";
import { setOwn } from "./set_own.ts";
import { SharedClock } from "../shared_clock.ts";
import { signallingStatistics } from "./signalling_statistics.ts";
import { SipLoop, TICK_INTERVAL_MS } from "./sip_loop.ts";
import type { SipTransports } from "./sip_transports.ts";
import { laterReason, takeOver } from "../supervisor/take_over.ts";
import type { TcpTransport } from "../transport/tcp_transport.ts";
import { UnreachablePeers } from "./unreachable_peers.ts";

/** How often connections are looked at: their times are seconds. */
const SWEEP_INTERVAL_MS = 1000;

/** How often a missing socket is tried again. */
const REOPEN_INTERVAL_MS = 1000;

interface Parts {
  /** A reload puts another configuration into it. */
  setup: SignallingSetup;
  readonly state: ProxyState;
  readonly counters: Counters;
  readonly journal: Journal;
  readonly media: MediaLink;
  readonly transport: SipTransports;
  readonly tcp: TcpTransport;
  readonly resolver: Resolver;
  readonly hosts: HostTable;
  readonly env: LiveEnv;
  readonly loop: SipLoop;
  readonly plugins: PluginRunner;
  readonly senders: SenderWatch;
}

/** Everything of the signalling isolate: built from one `configure` message, then driven by sockets and timers. */
export class SignallingIsolate {
  readonly #post: (message: FromSignalling) => void;
  readonly #clock = new SharedClock();
  readonly #timers: number[] = [];
  readonly #names = new NameReport();
  #parts: Parts | undefined;
  /** Start and reloads, which wait for files of plugins: one after the other. */
  #settling: Promise<void> = Promise.resolve();
  /** Public address that a plugin found; it stands above host_outbound. */
  #found: { readonly plugin: string; readonly address: IpAddress } | undefined;

  constructor(post: (message: FromSignalling) => void) {
    this.#post = post;
  }

  /** Takes a message of the supervisor. */
  receive(message: ToSignalling): void {
    switch (message.kind) {
      case "configure":
        this.#clock.align(message.setup.nowMs);
        this.#parts = this.#build(message.setup);
        this.#settling = this.#start(this.#parts);
        return;
      case "media":
        this.#parts?.media.connect(message.mediaPort, message.worker);
        return;
      case "media-lost":
        this.#parts?.media.disconnect(message.worker);
        return;
      case "network":
        if (this.#parts !== undefined) this.#follow(this.#parts, message.network);
        return;
      case "reload":
        if (this.#parts !== undefined) this.#reloadNext(this.#parts, message.settings);
        return;
      case "passwords":
        if (this.#parts !== undefined) this.#parts.state.passwords = message.passwords;
        return;
      case "ping":
        this.#post({ kind: "pong" });
        return;
      case "statistics":
        if (this.#parts === undefined) return;
        this.#post({ kind: "statistics", statistics: signallingStatistics(this.#parts) });
        return;
      case "plugin-statistics":
        this.#parts?.loop.tellPluginStatistics();
        return;
      case "probe":
        probeJail().then((report) => this.#post({ kind: "probed", report }));
        return;
      case "stop":
        this.#stop();
        return;
      default:
        assertNever(message);
    }
  }

  #build(setup: SignallingSetup): Parts {
    const { config } = setup;
    const nowMs = () => this.#clock.now();
    const counters = new Counters();
    const journal = new Journal({
      ...config.log,
      post: (batch) => this.#post({ kind: "journal", batch }),
    });
    const hosts = new HostTable({ hosts: setup.hosts });
    const families = () => familiesOf(this.#parts?.setup.config ?? config);
    const ask = countAnswers(askNameServer(), counters);
    const resolver = new Resolver({ table: hosts, nowMs, random: Math.random, ask, families });
    const plugins = new PluginRunner({ config, setup: setup.plugins, post: this.#post, nowMs });
    const state = createProxyState(config, plugins.chain);
    state.passwords = setup.passwords;
    restoreState(state, { ...setup.snapshot, nowMs: nowMs() });
    const unreachable = new UnreachablePeers();
    const media = new MediaLink({
      onExpired: (streamId) => loop.mediaExpired(streamId),
      onStreams: (streams, worker) => reconcileStreams({ streams, worker, state, media, loop }),
      onBusy: () => this.#post({ kind: "media-busy" }),
    }, setup.mediaWorkers);
    const { transport, tcp } = makeTransports({
      ...{ config, nowMs, state, counters, journal, unreachable },
      loop: () => loop,
      senders: () => senders,
    });
    const env = new LiveEnv(setup.network.own, {
      hosts,
      freePairs: (side, use) => media.freePairs(side, use),
      isUnreachable: (peer, at) => unreachable.has(peer, at),
      isMediaExhausted: () => media.isExhausted,
      listenPoints: () => transport.listenPoints,
      connectionTo: (peer) => tcp.connectionTo(peer),
      streamReach: (peer) => tcp.reach(peer),
      keyedHash: createKeyedHash(setup.secretKey),
      randomHex: createRandomHex(),
    });
    const send = transport.send.bind(transport);
    const loop = new SipLoop({
      env,
      targets: { state, counters, journal, media, send, hosts, plugin: plugins.carryOut },
      now: nowMs,
      resolveHost: (query) => resolver.resolve(query),
      wantPairs: (pairs) => media.want(pairs),
      probeStream: (peer) => tcp.probe(peer),
    });
    const senders = new SenderWatch({
      ...{ state, counters, journal, hosts, now: nowMs },
      env: () => env,
      receive: (input) => loop.receive(input),
      resolve: (query) => resolver.resolve(query),
    });
    const made = { setup, state, counters, journal, media, transport, tcp, resolver, hosts };
    return { ...made, env, loop, plugins, senders };
  }

  #connectPlugins(parts: Parts): void {
    const { transport, resolver, env, plugins } = parts;
    plugins.connect({
      send: (data, peer) =>
        transport.send(data, { side: "wan", transport: "udp", peer, connectionId: undefined }),
      resolve: (query) => void resolver.resolve(query),
      advertise: (found) => {
        this.#found = found;
        setOwn(parts, { ...env.own, advertised: found.address });
      },
    });
  }

  async #start(parts: Parts): Promise<void> {
    const { setup, transport, journal, loop } = parts;
    this.#connectPlugins(parts);
    const refusal = await parts.plugins.begin();
    loop.carryOut(parts.plugins.takeActions());
    const failure = refusal ?? await takeOver(transport, setup);
    if (failure !== undefined) {
      journal.flush();
      this.#post({ kind: "start-failed", reason: failure });
      return;
    }
    this.#timers.push(
      setInterval(() => loop.tick(), TICK_INTERVAL_MS),
      setInterval(() => parts.tcp.sweep(), SWEEP_INTERVAL_MS),
      setInterval(() => parts.senders.tick(), SWEEP_INTERVAL_MS),
      setInterval(() => transport.reopen(laterReason(setup.reason)), REOPEN_INTERVAL_MS),
      setInterval(() => this.#refreshNames(parts), NAME_REFRESH_MS),
      setInterval(() => this.#retryName(parts), NAME_RETRY_MS),
    );
    const refreshed = this.#refreshNames(parts);
    parts.senders.tick();
    // The first REGISTER must not tell the outside an address that nobody can reach: bounded as every look-up is.
    if (namedOutbound(setup.config) !== undefined) await refreshed;
    journal.flush();
    this.#post({ kind: "ready" });
  }

  #reloadNext(parts: Parts, settings: ReloadedSettings): void {
    this.#settling = this.#settling.then(async () => {
      const failure = await this.#reload(parts, settings);
      parts.journal.flush();
      this.#post({ kind: "reloaded", failure });
    });
  }

  /** Everything is obeyed between two messages; where a plugin or the port cannot be had nothing is. */
  async #reload(parts: Parts, settings: ReloadedSettings): Promise<string | undefined> {
    const { config, network, passwords } = settings;
    const staged = await parts.plugins.stage(settings);
    if (!staged.ok) return staged.error;
    const { listenPort } = config.sip;
    const isSamePort = listenPort === parts.setup.config.sip.listenPort;
    const failure = isSamePort ? undefined : parts.transport.moveTo(listenPort);
    if (failure !== undefined) {
      staged.value.abandon();
      return failure;
    }
    staged.value.commit();
    parts.loop.carryOut(parts.plugins.takeActions());
    if (!parts.plugins.chain.names.includes(this.#found?.plugin ?? "")) this.#found = undefined;
    parts.setup = { ...parts.setup, config };
    reconfigureState(parts.state, config);
    parts.state.passwords = passwords;
    parts.journal.retune(config.log);
    parts.tcp.retune(config.sip.tcp);
    this.#follow(parts, network);
    this.#refreshNames(parts);
    return undefined;
  }

  #follow(parts: Parts, network: NetworkView): void {
    parts.transport.listen(network.listen, laterReason(parts.setup.reason));
    setOwn(parts, this.#withAdvertised(parts, network.own));
  }

  /** Looks the configuration's names up; when host_outbound is one of them the outside is told its new address. */
  async #refreshNames(parts: Parts): Promise<void> {
    const queries = configuredNames(parts.setup.config);
    await Promise.all(queries.map((query) => parts.resolver.resolve(query)));
    setOwn(parts, this.#withAdvertised(parts, parts.env.own));
    const name = namedOutbound(parts.setup.config);
    if (name === undefined) return;
    const answer = parts.hosts.lookUp(addressQuery(name), this.#clock.now());
    const { advertised } = parts.env.own;
    const event = this.#names.note({ name, answer, advertised });
    if (event !== undefined) parts.journal.log(event);
  }

  #retryName(parts: Parts): void {
    if (this.#names.isLost) this.#refreshNames(parts);
  }

  #withAdvertised(parts: Parts, own: OwnAddresses): OwnAddresses {
    const name = parts.setup.config.interfaces.hostOutbound;
    if (this.#found !== undefined) return { ...own, advertised: this.#found.address };
    if (name === undefined) return own;
    const answer = parts.hosts.lookUp(addressQuery(name), this.#clock.now());
    if (answer.kind !== "targets") return own;
    return { ...own, advertised: advertisedOf(answer.targets, own) };
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#parts?.loop.carryOut(this.#parts.plugins.end());
    this.#parts?.loop.close();
    this.#parts?.transport.close();
    this.#parts?.resolver.close();
    this.#parts?.journal.flush();
    this.#post({ kind: "stopped" });
  }
}

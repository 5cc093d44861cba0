import { assertNever } from "../base/assert_never.ts";
import { HostTable } from "../dns/host_table.ts";
import { Counters } from "../metrics/counters.ts";
import type { OwnAddresses } from "../proxy/env.ts";
import { createProxyState, restoreState } from "../proxy/proxy.ts";
import type { ProxyState } from "../proxy/state.ts";
import { probeJail } from "./jail_probe.ts";
import { Journal } from "./journal.ts";
import { createKeyedHash } from "./keyed_hash.ts";
import { addressQuery, configuredNames, NAME_REFRESH_MS } from "./known_names.ts";
import { LiveEnv } from "./live_env.ts";
import { MediaLink } from "./media_link.ts";
import type { StreamSummary } from "./media_protocol.ts";
import type {
  FromSignalling,
  NetworkView,
  SignallingSetup,
  StartReason,
  ToSignalling,
} from "./protocol.ts";
import { createRandomHex } from "./random_hex.ts";
import { Resolver } from "./resolver.ts";
import { SharedClock } from "./shared_clock.ts";
import { SipLoop } from "./sip_loop.ts";
import { UdpTransport } from "./udp_transport.ts";
import { UnreachablePeers } from "./unreachable_peers.ts";

/** How often the core looks at its clocks: registrations live for minutes, BYE timers for 32 s. */
const TICK_INTERVAL_MS = 500;

/** How often a missing socket is tried again. */
const REOPEN_INTERVAL_MS = 1000;

/** How long a replacement waits for the sockets of its predecessor, and how often it tries. */
const TAKE_OVER_MS = 3000;
const TAKE_OVER_INTERVAL_MS = 20;

interface Parts {
  readonly setup: SignallingSetup;
  readonly state: ProxyState;
  readonly counters: Counters;
  readonly journal: Journal;
  readonly media: MediaLink;
  readonly transport: UdpTransport;
  readonly resolver: Resolver;
  readonly hosts: HostTable;
  readonly env: LiveEnv;
  readonly loop: SipLoop;
}

/** Everything of the signalling isolate: built from one `configure` message, then driven by sockets and timers. */
export class SignallingIsolate {
  readonly #post: (message: FromSignalling) => void;
  readonly #clock = new SharedClock();
  readonly #timers: number[] = [];
  #parts: Parts | undefined;

  constructor(post: (message: FromSignalling) => void) {
    this.#post = post;
  }

  /** Takes a message of the supervisor. */
  receive(message: ToSignalling): void {
    switch (message.kind) {
      case "configure":
        this.#clock.align(message.setup.nowMs);
        this.#parts = this.#build(message.setup);
        this.#start(this.#parts);
        return;
      case "media":
        this.#parts?.media.connect(message.mediaPort);
        return;
      case "network":
        if (this.#parts !== undefined) this.#follow(this.#parts, message.network);
        return;
      case "ping":
        this.#post({ kind: "pong" });
        return;
      case "statistics":
        if (this.#parts !== undefined) this.#postStatistics(this.#parts);
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
      debugLevel: config.log.debugLevel,
      post: (batch) => this.#post({ kind: "journal", batch }),
    });
    const hosts = new HostTable({ hosts: setup.hosts });
    const resolver = new Resolver({ table: hosts, nowMs, random: Math.random });
    const state = createProxyState(config);
    restoreState(state, { ...setup.snapshot, nowMs: nowMs() });
    const unreachable = new UnreachablePeers();
    const media = new MediaLink({
      onExpired: (streamId) => loop.mediaExpired(streamId),
      onStreams: (streams) => reconcileStreams({ streams, state, media, loop }),
    });
    const transport = new UdpTransport({ port: config.sip.listenPort }, {
      onDatagram: (data, arrival) => loop.receive({ data, ...arrival, connectionId: undefined }),
      onSendFailed: (reason, peer) => {
        counters.add("sip_send_failed", { reason });
        if (reason === "unreachable") unreachable.note(peer, nowMs());
      },
      onLog: (event) => journal.log(event),
    });
    const env = new LiveEnv(setup.network.own, {
      hosts,
      freePairs: (side) => media.freePairs(side),
      isUnreachable: (peer, at) => unreachable.has(peer, at),
      isMediaExhausted: () => media.isExhausted,
      listenPoints: () => transport.listenPoints,
      keyedHash: createKeyedHash(setup.secretKey),
      randomHex: createRandomHex(),
    });
    const send = transport.send.bind(transport);
    const loop = new SipLoop({
      env,
      targets: { state, counters, journal, media, send, hosts },
      now: nowMs,
      resolveHost: (query) => resolver.resolve(query),
      wantPairs: (pairs) => media.want(pairs),
    });
    return { setup, state, counters, journal, media, transport, resolver, hosts, env, loop };
  }

  async #start(parts: Parts): Promise<void> {
    const { setup, transport, journal, loop } = parts;
    const failure = await this.#takeOver(transport, setup);
    if (failure !== undefined) {
      journal.flush();
      this.#post({ kind: "start-failed", reason: failure });
      return;
    }
    this.#timers.push(
      setInterval(() => loop.tick(), TICK_INTERVAL_MS),
      setInterval(() => transport.reopen(laterReason(setup)), REOPEN_INTERVAL_MS),
      setInterval(() => this.#refreshNames(parts), NAME_REFRESH_MS),
    );
    this.#refreshNames(parts);
    journal.flush();
    this.#post({ kind: "ready" });
  }

  /** The first isolate finds its ports free or says so at once; a later one waits until its predecessor's are closed. */
  async #takeOver(transport: UdpTransport, setup: SignallingSetup): Promise<string | undefined> {
    const { reason, network } = setup;
    const patienceMs = patienceOf(reason);
    let failure = transport.listen(network.listen, reason);
    for (let waitedMs = 0; failure !== undefined && waitedMs < patienceMs;) {
      await new Promise((resolve) => setTimeout(resolve, TAKE_OVER_INTERVAL_MS));
      waitedMs += TAKE_OVER_INTERVAL_MS;
      failure = transport.reopen(reason);
    }
    return reason === "first" ? failure : undefined;
  }

  #follow(parts: Parts, network: NetworkView): void {
    parts.transport.listen(network.listen, laterReason(parts.setup));
    parts.env.own = this.#withAdvertised(parts, network.own);
  }

  /** Looks the configuration's names up; when host_outbound is one of them the outside is told its new address. */
  #refreshNames(parts: Parts): void {
    const { setup, resolver, env } = parts;
    const queries = configuredNames(setup.config);
    Promise.all(queries.map((query) => resolver.resolve(query))).then(() => {
      env.own = this.#withAdvertised(parts, env.own);
    });
  }

  #withAdvertised(parts: Parts, own: OwnAddresses): OwnAddresses {
    const name = parts.setup.config.interfaces.hostOutbound;
    if (name === undefined) return own;
    const answer = parts.hosts.lookUp(addressQuery(name), this.#clock.now());
    if (answer.kind !== "targets") return own;
    return Object.freeze({ ...own, advertised: answer.targets[0].peer.address });
  }

  #postStatistics(parts: Parts): void {
    const memory = Deno.memoryUsage();
    this.#post({
      kind: "statistics",
      statistics: {
        counters: parts.counters.snapshot(),
        bindings: parts.state.bindings.size,
        dialogs: parts.state.dialogs.size,
        waitingMessages: parts.loop.waitingMessages,
        heapUsedBytes: memory.heapUsed,
        heapTotalBytes: memory.heapTotal,
      },
    });
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#parts?.transport.close();
    this.#parts?.resolver.close();
    this.#parts?.journal.flush();
    this.#post({ kind: "stopped" });
  }
}

/**
 * Brings legs and relayed streams together after either isolate was replaced: a stream of no leg is closed, a leg whose
 * stream is gone forgets it.
 */
function reconcileStreams(
  both: {
    readonly streams: readonly StreamSummary[];
    readonly state: ProxyState;
    readonly media: MediaLink;
    readonly loop: SipLoop;
  },
): void {
  const { streams, state, media, loop } = both;
  const relayed = new Set(streams.map(({ streamId }) => streamId));
  for (const dialog of state.dialogs.all()) {
    for (const { streamId } of dialog.streams) {
      if (!relayed.has(streamId)) loop.mediaExpired(streamId);
    }
  }
  const orphans = streams.filter(({ streamId }) => state.dialogs.byStream(streamId) === undefined);
  if (orphans.length === 0) return;
  media.apply(orphans.map(({ streamId }) => ({ kind: "close", streamId } as const)));
}

/** Sockets that are opened after the start meet what the isolate itself met. */
function laterReason(setup: SignallingSetup): StartReason {
  return setup.reason === "first" ? "after-crash" : setup.reason;
}

function patienceOf(reason: StartReason): number {
  return reason === "first" ? 0 : TAKE_OVER_MS;
}

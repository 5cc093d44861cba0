import { assertNever } from "../../base/assert_never.ts";
import type { IpAddress } from "../../base/ip_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import { emptyTotals } from "../../rtp/relay_statistics.ts";
import { dejitterStream, type RelayStream } from "../../rtp/relay_stream.ts";
import { type RelayEffect, RelayTable, type StopReason } from "../../rtp/relay_table.ts";
import { probeJail } from "../machine/jail_probe.ts";
import type { MediaPort, MediaPortEvents } from "./media_port.ts";
import type {
  MediaConfig,
  MediaStatistics,
  MediaToSignalling,
  MediaToSupervisor,
  SignallingToMedia,
  SupervisorToMedia,
} from "../media_protocol.ts";
import { expiredEvent, lockEvent, refusedEvent } from "./media_events.ts";
import { MediaStock } from "./media_stock.ts";
import { MediaWatch } from "./media_watch.ts";
import { streamSummary } from "./stream_summary.ts";
import { OffloadDesk } from "./offload_desk.ts";
import { SendQueue } from "./send_queue.ts";
import { StreamReports } from "../firewall/stream_reports.ts";

/** How the isolate reaches its surroundings. */
export interface MediaIsolateParts {
  readonly post: (message: MediaToSupervisor) => void;
  /** Uniform in [0, 1), unpredictable. */
  readonly random: () => number;
}

/** The media isolate: a table of streams, a stock of ports, and the two channels that control them. */
export class MediaIsolate {
  readonly #post: (message: MediaToSupervisor) => void;
  readonly #events: MediaPortEvents;
  readonly #stock: MediaStock;
  readonly #queue: SendQueue;
  readonly #reports: StreamReports;
  readonly #desk: OffloadDesk;
  #table: RelayTable | undefined = undefined;
  #channel: MessagePort | undefined = undefined;
  #config: MediaConfig | undefined = undefined;
  /** What the signalling isolate knows better than the configuration: host_outbound as a name, STUN. */
  #advertised: IpAddress | undefined = undefined;
  #sweepTimer: number | undefined = undefined;
  readonly #watch = new MediaWatch();

  constructor(parts: MediaIsolateParts) {
    this.#post = parts.post;
    this.#events = {
      sendErrors: 0,
      idlePackets: 0,
      nextSignMs: 0,
      onSign: () => parts.post({ kind: "pong" }),
      onLock: (end) => this.#noteLock(end),
      onDelay: (end, arrival) => this.#queue.put(end, arrival),
      onStranger: (end) => this.#desk.noteStranger(end),
      onFailed: (port, reason) => this.#dropSocket(port, reason),
    };
    this.#desk = new OffloadDesk({
      post: (request) => parts.post({ kind: "stream", event: { kind: "offload", request } }),
      table: () => this.#table,
      random: parts.random,
      worker: () => this.#config?.share?.worker ?? 0,
    });
    this.#queue = new SendQueue(this.#events);
    this.#stock = new MediaStock({ events: this.#events, random: parts.random });
    this.#reports = new StreamReports((event) => parts.post({ kind: "stream", event }));
  }

  /** Takes a message of the supervisor. */
  receive(message: SupervisorToMedia): void {
    switch (message.kind) {
      case "configure":
        return this.#configure(message.config);
      case "connect":
        return this.#connect(message.port);
      case "statistics":
        return this.#post({ kind: "statistics", statistics: this.#statistics() });
      case "offload":
        return this.#desk.hear(message.report);
      case "ping":
        return this.#post({ kind: "pong" });
      case "probe":
        return void probeJail().then((report) => this.#post({ kind: "probed", report }));
      case "stop":
        return this.#stop();
      default:
        assertNever(message);
    }
  }

  #configure(config: MediaConfig): void {
    const nowMs = performance.now();
    this.#config = config;
    this.#reports.configure(config.streamEvents);
    this.#settle(config);
    const pairIds = this.#stock.configure(config, nowMs);
    if (pairIds.length > 0) this.#tell({ kind: "pairs-removed", pairIds });
    this.#refill(nowMs);
    clearInterval(this.#sweepTimer);
    this.#sweepTimer = setInterval(() => this.#sweep(), config.sweepMs);
    this.#watch.pace(config.sweepMs);
    this.#post({
      kind: "configured",
      lanPairs: this.#stock.size("lan"),
      wanPairs: this.#stock.size("wan"),
    });
  }

  /** Lets the table know time limits and own addresses. */
  #settle(config: MediaConfig): void {
    const { addresses, portLow, portHigh, timeoutMs, holdTimeoutMs, share } = config;
    const advertised = this.#advertised ?? addresses.advertised;
    const settings = {
      timeouts: { timeoutMs, holdTimeoutMs },
      own: { ...addresses, advertised, portLow, portHigh: portHigh + 1, ...(share && { share }) },
    };
    if (this.#table !== undefined) return this.#table.reconfigure(settings);
    this.#table = new RelayTable({
      ...settings,
      takePairs: (open) => this.#stock.takePairs(open),
    });
  }

  /** A new channel takes the old one's place: the signalling isolate was replaced, the calls go on. */
  #connect(port: MessagePort): void {
    this.#channel?.close();
    this.#channel = port;
    port.onmessage = (event: MessageEvent<SignallingToMedia>): void => this.#obey(event.data);
    const streams = [...(this.#table?.streams() ?? [])].map(streamSummary);
    this.#tell({ kind: "hello", pairs: this.#stock.freePairs(), streams });
  }

  #obey(message: SignallingToMedia): void {
    switch (message.kind) {
      case "relay":
        return this.#applyAll(message.commands);
      case "want":
        return this.#supply(message);
      case "advertised":
        this.#advertised = message.address;
        if (this.#config !== undefined) this.#settle(this.#config);
        return;
      default:
        assertNever(message);
    }
  }

  #applyAll(commands: readonly RelayCommand[]): void {
    const nowMs = performance.now();
    for (const command of commands) {
      for (const effect of this.#table?.apply(command, nowMs) ?? []) this.#carryOut(effect);
      if (command.kind !== "announce") continue;
      const stream = this.#table?.stream(command.streamId);
      if (stream === undefined) continue;
      this.#reports.peer(stream[command.side].rtp);
      this.#desk.note(command.streamId);
    }
    this.#refill(nowMs);
  }

  #supply({ side, pairs, family }: Extract<SignallingToMedia, { kind: "want" }>): void {
    const nowMs = performance.now();
    // Whoever asks found too few there, however many are on their way.
    if (pairs > 0) this.#stock.raise(pairs, nowMs);
    const added = this.#stock.refill(nowMs);
    const isEnough = this.#stock.size(side, family) >= pairs;
    if (added.length > 0 || isEnough) this.#tell({ kind: "stock", pairs: added });
    if (!isEnough) this.#tell({ kind: "exhausted", side });
  }

  #refill(nowMs: number): void {
    const pairs = this.#stock.refill(nowMs);
    if (pairs.length > 0) this.#tell({ kind: "stock", pairs });
  }

  #carryOut(effect: RelayEffect): void {
    switch (effect.kind) {
      case "start":
        this.#reports.start(effect.stream);
        return this.#serve(effect.stream);
      case "stop":
        this.#watch.end(effect.stream);
        this.#reports.stop(effect.stream);
        this.#queue.drop(effect.stream.streamId);
        this.#free(effect.stream);
        return this.#reportEnd(effect.stream, effect.reason);
      case "refuse":
        return this.#refuse(effect);
      default:
        assertNever(effect);
    }
  }

  /** Ports serve nobody from now on; other calls get them when the kernel has let go of them. */
  #free(stream: RelayStream): void {
    const { lan, wan } = stream;
    const pairIds = [lan.bound.pair.pairId, wan.bound.pair.pairId];
    for (const pair of pairIds.map((pairId) => this.#stock.used(pairId))) {
      for (const loop of [pair?.rtpLoop, pair?.rtcpLoop]) loop?.serve(undefined);
    }
    this.#desk.end(stream, () => {
      for (const pairId of pairIds) this.#stock.release(pairId, performance.now());
    });
  }

  #serve(stream: RelayStream): void {
    const { inputDejitterMs = 0, outputDejitterMs = 0 } = this.#config ?? {};
    dejitterStream(stream, { lan: outputDejitterMs, wan: inputDejitterMs });
    for (const leg of [stream.lan, stream.wan]) {
      const pair = this.#stock.used(leg.bound.pair.pairId);
      pair?.rtpLoop.serve(leg.rtp);
      pair?.rtcpLoop.serve(leg.rtcp);
    }
  }

  #reportEnd(stream: RelayStream, reason: StopReason): void {
    if (reason === "closed") return;
    const { streamId, callId, mediaIndex } = stream;
    this.#tell({ kind: "expired", streamId, callId, mediaIndex, reason });
    if (reason === "failed") return;
    this.#log(expiredEvent(stream));
  }

  /** The pairs it named and that are still ready go back to the signalling isolate, which took them off its list. */
  #refuse({ command, reason }: Extract<RelayEffect, { kind: "refuse" }>): void {
    const { streamId, callId, mediaIndex, lanPairId, wanPairId } = command;
    const pairs = this.#stock.freePairs().filter(({ pairId }: PortPair) =>
      pairId === lanPairId || pairId === wanPairId
    );
    if (pairs.length > 0) this.#tell({ kind: "stock", pairs });
    this.#tell({ kind: "expired", streamId, callId, mediaIndex, reason: "failed" });
    this.#log(refusedEvent(command, reason));
  }

  #dropSocket(port: MediaPort, reason: string): void {
    const nowMs = performance.now();
    const lost = this.#stock.discard(port);
    if (lost?.place === "stock") this.#tell({ kind: "pairs-removed", pairIds: [lost.pairId] });
    const pairId = lost?.pairId;
    for (const stream of this.#table?.streams() ?? []) {
      const { lan, wan, streamId } = stream;
      if (lan.bound.pair.pairId !== pairId && wan.bound.pair.pairId !== pairId) continue;
      for (const effect of this.#table?.end(streamId, "failed") ?? []) {
        this.#carryOut(effect);
      }
    }
    const text = `Cannot receive media: ${reason}`;
    this.#log({ level: "error", component: "rtp", event: "rtp.socket_failed", text });
    this.#refill(nowMs);
  }

  #sweep(): void {
    const nowMs = performance.now();
    this.#watch.beat(nowMs);
    for (const effect of this.#table?.sweep(nowMs) ?? []) this.#carryOut(effect);
    this.#stock.tick(nowMs);
    this.#refill(nowMs);
  }

  #noteLock(end: RelayEnd): void {
    this.#reports.peer(end);
    this.#watch.lock(end);
    this.#desk.note(end.streamId);
    if (this.#config?.lockEvents === "logged") this.#log(lockEvent(end));
  }

  #statistics(): MediaStatistics {
    const { sendErrors, idlePackets } = this.#events;
    return {
      workers: 1,
      totals: this.#table?.totals() ?? emptyTotals(),
      live: this.#table?.statistics() ?? [],
      sendErrors,
      idlePackets,
      stock: { lan: this.#stock.size("lan"), wan: this.#stock.size("wan") },
      ...this.#watch.figures(performance.now()),
    };
  }

  #stop(): void {
    clearInterval(this.#sweepTimer);
    this.#channel?.close();
    this.#queue.close();
    this.#desk.close();
    this.#stock.close();
    this.#post({ kind: "stopped" });
  }

  #tell(message: MediaToSignalling): void {
    this.#channel?.postMessage(message);
  }

  #log(event: LogEvent): void {
    this.#post({ kind: "log", event });
  }
}

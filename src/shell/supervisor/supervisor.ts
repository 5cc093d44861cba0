import { assertNever } from "../../base/assert_never.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import { parseHostsFile } from "../../dns/hosts_file.ts";
import type { ChosenNetwork } from "../machine/interfaces.ts";
import { IsolateKeeper } from "./isolate_keeper.ts";
import { mediaKind, OWN_MODULES, signallingKind } from "./isolate_kinds.ts";
import { createIsolateReplies } from "./isolate_replies.ts";
import type { JailReport } from "../machine/jail_probe.ts";
import { mediaConfigOf } from "../media/media_config.ts";
import { MediaIsolates, type MediaNews } from "./media_isolates.ts";
import { mediaWorkerPlan } from "./media_worker_plan.ts";
import type { OffloadReport } from "../firewall/offload_messages.ts";
import { MACHINE, networkFields, NetworkWatch } from "./network_watch.ts";
import { RELOAD_TIMEOUT_MS, REPLY_TIMEOUT_MS, START_TIMEOUT_MS } from "./patience.ts";
import { PasswordSource } from "../files/password_source.ts";
import { PluginKeeper } from "./plugin_keeper.ts";
import type {
  FromSignalling,
  SignallingSetup,
  StartReason,
  StateSnapshot,
  ToSignalling,
} from "../protocol.ts";
import { readHostsFile } from "../files/read_hosts_file.ts";
import { StateMirror } from "./state_mirror.ts";
import type { DaemonStatistics, SupervisorOptions } from "./supervisor_options.ts";

/**
 * Keeps the isolates that face the network running, connects them, and holds what a replacement starts from.
 *
 * It handles no byte from the network itself.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  /** Of branches and tags. */
  readonly #secretKey: string;
  readonly #mirror = new StateMirror();
  readonly #watch: NetworkWatch;
  #config: Config;
  #passwords: PasswordSource;
  readonly #plugins: PluginKeeper;
  readonly #signalling: IsolateKeeper<ToSignalling, FromSignalling>;
  readonly #media: MediaIsolates;
  readonly #replies = createIsolateReplies();
  #network: Promise<ChosenNetwork> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#secretKey = crypto.getRandomValues(new Uint8Array(32)).toHex();
    this.#mirror.restore(options.bindings);
    this.#watch = new NetworkWatch(options.config.interfaces, options.network ?? MACHINE);
    this.#passwords = new PasswordSource(options.config.auth, { onLog: options.onLog });
    this.#plugins = new PluginKeeper(options.config, { onLog: options.onLog });
    const modules = options.modules ?? OWN_MODULES;
    const common = {
      onLog: options.onLog,
      onGiveUp: (reason: string) => options.onGiveUp?.(reason),
    };
    this.#signalling = new IsolateKeeper(signallingKind(modules), {
      ...common,
      onStart: (reason) => this.#configureSignalling(reason),
      onMessage: (message) => this.#hearSignalling(message),
    });
    const { cores = navigator.hardwareConcurrency } = options;
    const plan = mediaWorkerPlan(options.config.rtp, cores);
    this.#media = new MediaIsolates({ kind: mediaKind(modules), plan }, {
      ...common,
      onStart: (worker) => this.#beginMedia(worker),
      onLost: (worker) => this.#signalling.post({ kind: "media-lost", worker }),
      onNews: (news) => this.#hearMedia(news),
    });
  }

  /** Starts both isolates; ends when SIP is served, or with the reason why it cannot be. */
  async start(): Promise<Result<ChosenNetwork>> {
    await this.#passwords.open();
    this.#network = this.#watch.open();
    this.#signalling.start();
    const answer = this.#replies.started.wait(START_TIMEOUT_MS);
    const network = await this.#network;
    this.#tellMissing(network.problems);
    const started = await answer ?? err("Cannot start: the isolates do not answer");
    if (!started.ok) return started;
    this.#watch.follow((changed) => this.#followNetwork(changed));
    this.#followPasswords();
    return ok(network);
  }

  /**
   * Obeys another configuration; registrations and calls stay.
   *
   * @param config the new one
   * @returns one line why all stays as it was
   */
  async reload(config: Config): Promise<Result<undefined>> {
    const next = await this.#passwords.successor(config.auth);
    if (!next.ok) return next;
    const { passwords } = next.value;
    const old = this.#config;
    this.#config = config;
    const network = this.#watch.choose(config.interfaces);
    const plugins = this.#plugins.read(config);
    const settings = { config, network: network.view, passwords, plugins };
    // One that is being replaced starts with the new configuration anyway.
    const patienceMs = this.#signalling.isRunning ? RELOAD_TIMEOUT_MS : 0;
    const reloaded = this.#replies.reloaded.wait(patienceMs);
    this.#signalling.post({ kind: "reload", settings });
    const failure = (await reloaded)?.failure;
    this.#config = failure === undefined ? config : old;
    this.#plugins.settle(this.#config);
    if (failure !== undefined) {
      this.#watch.choose(old.interfaces);
      return err(failure);
    }
    this.#passwords.close();
    this.#passwords = next.value;
    this.#followPasswords();
    this.#network = Promise.resolve(network);
    this.#tellMissing(network.problems);
    this.#options.onNetwork?.(network.view.own);
    this.#media.configure(mediaConfigOf(config, network.view.own));
    this.#startMedia();
    return ok(undefined);
  }

  /** Ends both isolates in order; afterwards the mirror is complete. */
  async stop(): Promise<void> {
    this.#watch.close();
    this.#passwords.close();
    const stopped = this.#replies.stopped.wait(REPLY_TIMEOUT_MS);
    this.#signalling.post({ kind: "stop" });
    this.#media.dismiss();
    if (this.#signalling.isRunning) await stopped;
    this.#replies.stopped.give("stopped");
    this.#signalling.stop();
    this.#plugins.close();
    this.#media.stop();
  }

  /** What is registered and which calls are up, as far as the signalling isolate told. */
  snapshot(): StateSnapshot {
    return this.#mirror.snapshot();
  }

  /** Asks both isolates for their figures. */
  async statistics(): Promise<DaemonStatistics> {
    this.#signalling.post({ kind: "statistics" });
    const [signalling, media] = await Promise.all([
      this.#replies.signalling.wait(REPLY_TIMEOUT_MS),
      this.#config.rtp.enabled ? this.#media.statistics() : undefined,
    ]);
    return { signalling, media };
  }

  /** Tells the media isolates what became of their paths in the kernel. */
  tellMedia(report: OffloadReport): void {
    this.#media.tell(report);
  }

  /** Lets plugins tell their statistics, as an operator asks. */
  tellPluginStatistics(): void {
    this.#signalling.post({ kind: "plugin-statistics" });
  }

  /** Lets both isolates try to break out. */
  async probeJail(): Promise<Readonly<Record<"signalling" | "media", JailReport | undefined>>> {
    this.#signalling.post({ kind: "probe" });
    const [signalling, media] = await Promise.all([
      this.#replies.signallingProbe.wait(REPLY_TIMEOUT_MS),
      this.#media.probe(),
    ]);
    return { signalling, media };
  }

  async #configureSignalling(reason: StartReason): Promise<void> {
    if (this.#network === undefined) return;
    const { view } = await this.#network;
    const setup: SignallingSetup = {
      config: this.#config,
      network: view,
      snapshot: this.#mirror.snapshot(),
      hosts: parseHostsFile(readHostsFile()),
      secretKey: this.#secretKey,
      passwords: this.#passwords.passwords,
      plugins: this.#plugins.setup(this.#config, reason),
      nowMs: performance.now(),
      mediaWorkers: this.#media.workers,
      reason,
    };
    this.#signalling.post({ kind: "configure", setup });
    // A reload that cost the last isolate is over: this one begins with what it brought.
    this.#replies.reloaded.give({ failure: undefined });
    for (const worker of this.#media.running) this.#connect(worker);
  }

  async #beginMedia(worker: number): Promise<void> {
    // A media isolate begins without streams, whatever its predecessor had.
    this.#options.onStream?.({ kind: "reset", worker });
    if (this.#network === undefined) return;
    const { view } = await this.#network;
    this.#media.configure(mediaConfigOf(this.#config, view.own), worker);
    this.#connect(worker);
  }

  /** Lays a direct channel between the signalling isolate and a media isolate, each time either is new. */
  #connect(worker: number): void {
    if (!this.#signalling.isRunning) return;
    const { port1, port2 } = new MessageChannel();
    this.#signalling.post({ kind: "media", worker, mediaPort: port1 }, [port1]);
    this.#media.connect(worker, port2);
  }

  /** Media starts second, so that SIP is served a moment earlier; a call that comes first waits for its ports. */
  #startMedia(): void {
    if (this.#config.rtp.enabled && !this.#media.isStarted) this.#media.start();
  }

  #followPasswords(): void {
    this.#passwords.follow((passwords) => this.#signalling.post({ kind: "passwords", passwords }));
  }

  #followNetwork(network: ChosenNetwork): void {
    this.#network = Promise.resolve(network);
    const { own } = network.view;
    const fields = networkFields(own);
    this.#options.onLog({ level: "info", component: "shell", event: "network.changed", fields });
    this.#tellMissing(network.problems);
    this.#options.onNetwork?.(own);
    this.#signalling.post({ kind: "network", network: network.view });
    this.#media.configure(mediaConfigOf(this.#config, own));
  }

  #hearSignalling(message: FromSignalling): void {
    switch (message.kind) {
      case "pong":
        return;
      case "loaded":
        this.#startMedia();
        return;
      case "ready":
        this.#replies.started.give(ok(undefined));
        return;
      case "reloaded":
        this.#replies.reloaded.give(message);
        return;
      case "crashed":
        this.#options.onCrash?.({ where: "signalling", stack: message.stack });
        return;
      case "start-failed":
        // One that takes another's place and may not serve (plugin_strict): then nobody does.
        if (!this.#replies.started.isAwaited) this.#options.onGiveUp?.(message.reason);
        return this.#replies.started.give(err(message.reason));
      case "journal":
        this.#mirror.apply(message.batch);
        for (const event of message.batch.logs) this.#options.onLog(event);
        this.#options.onJournal?.(message.batch);
        return;
      case "plugin":
        this.#plugins.carryOut(message.effect);
        return;
      case "media-busy":
        return this.#media.startNext();
      case "plugin-setup":
        this.#plugins.noteSetup(message.name);
        return;
      case "statistics":
        this.#replies.signalling.give(message.statistics);
        return;
      case "probed":
        return this.#replies.signallingProbe.give(message.report);
      case "stopped":
        this.#replies.stopped.give("stopped");
        return;
      default:
        assertNever(message);
    }
  }

  #hearMedia(news: MediaNews): void {
    switch (news.kind) {
      case "crashed":
        return this.#options.onCrash?.({ where: "media", stack: news.stack });
      case "log":
        return this.#options.onLog(news.event);
      case "stream":
        return this.#options.onStream?.(news.event);
      default:
        assertNever(news);
    }
  }

  #tellMissing(problems: readonly string[]): void {
    const event = { level: "warning", component: "shell", event: "interface.missing" } as const;
    for (const text of problems) this.#options.onLog({ ...event, text });
  }
}

import type { LogEvent } from "../../log/log_event.ts";
import type { JailReport } from "../machine/jail_probe.ts";
import type { OffloadReport } from "../firewall/offload_messages.ts";
import { reportsByWorker } from "../firewall/reports_by_worker.ts";
import { sumMedia } from "../media/sum_media.ts";
import type {
  MediaConfig,
  MediaStatistics,
  MediaToSupervisor,
  SupervisorToMedia,
} from "../media_protocol.ts";
import { IsolateKeeper, type IsolateKind } from "./isolate_keeper.ts";
import type { MediaWorkerPlan } from "./media_worker_plan.ts";
import { REPLY_TIMEOUT_MS } from "./patience.ts";
import { Reply } from "./reply.ts";

/** How a media isolate is run. */
export type MediaIsolateKind = IsolateKind<SupervisorToMedia, MediaToSupervisor>;

/** What is heard of a media isolate, but for the answers to questions that were asked here. */
export type MediaNews = Exclude<
  MediaToSupervisor,
  { readonly kind: "statistics" | "probed" | "configured" | "pong" | "stopped" }
>;

/** What the owner of the media isolates wants to hear. */
export interface MediaIsolatesEvents {
  /** A new one exists: send it what it needs to begin. */
  readonly onStart: (worker: number) => void;
  /** It is gone, its successor is not there yet. */
  readonly onLost: (worker: number) => void;
  readonly onNews: (news: MediaNews) => void;
  readonly onLog: (event: LogEvent) => void;
  readonly onGiveUp: (reason: string) => void;
}

interface Member {
  readonly keeper: IsolateKeeper<SupervisorToMedia, MediaToSupervisor>;
  readonly statistics: Reply<MediaStatistics>;
  readonly probe: Reply<JailReport>;
}

/** Keeps the media isolates running, each by itself, and asks them all as if they were one. */
export class MediaIsolates {
  readonly #members: readonly Member[];
  readonly #plan: MediaWorkerPlan;

  constructor(
    parts: { readonly kind: MediaIsolateKind; readonly plan: MediaWorkerPlan },
    events: MediaIsolatesEvents,
  ) {
    const { kind, plan } = parts;
    this.#plan = plan;
    this.#members = Array.from(
      { length: plan.workers },
      (_, worker) => this.#member({ kind, worker }, events),
    );
  }

  /** How many there are, or can be. */
  get workers(): number {
    return this.#plan.workers;
  }

  /** Whether they were told to start, even if one is being replaced at this moment. */
  get isStarted(): boolean {
    return this.#members[0]?.keeper.isStarted === true;
  }

  /** Those that exist at this moment. */
  get running(): readonly number[] {
    return [...this.#members.keys()].filter((worker) =>
      this.#members[worker]?.keeper.isRunning === true
    );
  }

  /** Starts all, or the first one where others are to come when they are needed. */
  start(): void {
    const first = this.#plan.start === "all" ? this.#members : this.#members.slice(0, 1);
    for (const { keeper } of first) keeper.start();
  }

  /** Starts the next one that was not needed so far. */
  startNext(): void {
    if (!this.isStarted) return;
    this.#members.find(({ keeper }) => !keeper.isStarted)?.keeper.start();
  }

  /** Gives one of them, or all, a configuration; one that is being replaced gets it at its start. */
  configure(config: MediaConfig, only?: number): void {
    const { workers } = this.#plan;
    for (const [worker, { keeper }] of this.#members.entries()) {
      if (worker !== (only ?? worker)) continue;
      const share = workers === 1 ? {} : { share: { worker, workers } };
      keeper.post({ kind: "configure", config: { ...config, ...share } });
    }
  }

  /** Gives one of them its channel to the signalling isolate. */
  connect(worker: number, port: MessagePort): void {
    this.#members[worker]?.keeper.post({ kind: "connect", port }, [port]);
  }

  /** Tells each of them what became of its paths in the kernel. */
  tell(report: OffloadReport): void {
    for (const [worker, part] of reportsByWorker(report, this.#plan.workers)) {
      this.#members[worker]?.keeper.post({ kind: "offload", report: part });
    }
  }

  /** Adds up the figures of all that answer in time; undefined when none does. */
  async statistics(): Promise<MediaStatistics | undefined> {
    const answers = await this.#ask({ kind: "statistics" }, ({ statistics }) => statistics);
    return sumMedia(answers);
  }

  /** Lets all try to break out. */
  async probe(): Promise<JailReport | undefined> {
    const reports = await this.#ask({ kind: "probe" }, ({ probe }) => probe);
    return reports.length === 0 ? undefined : reports.flat();
  }

  /** Ends what it has begun in order; `stop` follows. */
  dismiss(): void {
    for (const { keeper } of this.#members) keeper.post({ kind: "stop" });
  }

  /** Ends all of them and the watch for good. */
  stop(): void {
    for (const { keeper } of this.#members) keeper.stop();
  }

  async #ask<Answer>(
    question: SupervisorToMedia,
    replyOf: (member: Member) => Reply<Answer>,
  ): Promise<readonly Answer[]> {
    const asked = this.#members.filter(({ keeper }) => keeper.isStarted);
    const answers = asked.map((member) => {
      member.keeper.post(question);
      return replyOf(member).wait(REPLY_TIMEOUT_MS);
    });
    return (await Promise.all(answers)).filter((answer) => answer !== undefined);
  }

  #member(
    one: { readonly kind: MediaIsolateKind; readonly worker: number },
    events: MediaIsolatesEvents,
  ): Member {
    const { kind, worker } = one;
    const statistics = new Reply<MediaStatistics>();
    const probe = new Reply<JailReport>();
    const label = this.#plan.workers === 1 ? {} : { label: `media isolate ${worker + 1}` };
    const keeper = new IsolateKeeper({ ...kind, ...label }, {
      onStart: () => events.onStart(worker),
      onLost: () => events.onLost(worker),
      onLog: events.onLog,
      onGiveUp: events.onGiveUp,
      onMessage: (message) => {
        switch (message.kind) {
          case "configured":
          case "pong":
          case "stopped":
            return;
          case "statistics":
            return statistics.give(message.statistics);
          case "probed":
            return probe.give(message.report);
          default:
            events.onNews(message);
        }
      },
    });
    return { keeper, statistics, probe };
  }
}

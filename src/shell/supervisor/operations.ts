import { type ShownAddresses, sideAddresses } from "../../base/side_addresses.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { DaemonTally } from "../../metrics/daemon_tally.ts";
import type { DaemonFigures } from "./daemon_figures.ts";
import { LoopLag } from "../../metrics/loop_lag.ts";
import { Firewall } from "../firewall/firewall.ts";
import type { OffloadReport } from "../firewall/offload_messages.ts";
import { OperatorPorts } from "../operator/operator_ports.ts";
import type { JournalBatch, StateSnapshot } from "../protocol.ts";
import type { DaemonStatistics } from "./supervisor_options.ts";

/** How often the supervisor looks how late it is; its work comes in seconds. */
const BEAT_MS = 1_000;

/** The service as its surroundings see it; the supervisor fits. */
export interface FigureSource {
  readonly statistics: () => Promise<DaemonStatistics>;
  readonly snapshot: () => StateSnapshot;
  readonly tellMedia: (report: OffloadReport) => void;
}

/** What operations work with. */
export interface OperationsOptions {
  readonly config: Config;
  readonly version: string;
  readonly source: () => FigureSource;
  readonly onLog: (event: LogEvent) => void;
}

/** What surrounds the service: the firewall, what operators ask, and what is counted for them. */
export class Operations {
  /** Marks, and doors for live streams. */
  readonly firewall: Firewall;
  readonly #options: OperationsOptions;
  readonly #tally = new DaemonTally();
  readonly #ports: OperatorPorts;
  readonly #startedAtMs = performance.now();
  readonly #lag = new LoopLag(BEAT_MS);
  #beatTimer: number | undefined;
  #own: ShownAddresses = { lan: undefined, wan: undefined, advertised: undefined };

  constructor(options: OperationsOptions) {
    this.#options = options;
    const { config, onLog } = options;
    this.firewall = new Firewall({
      config,
      onLog,
      tellMedia: (report) => options.source().tellMedia(report),
    });
    this.#ports = new OperatorPorts({ figures: () => this.#figures(), onLog });
  }

  /** Counts what the log tells. */
  readonly note = (event: LogEvent): void => this.#tally.event(event);

  /** Counts calls. */
  follow({ dialogs }: JournalBatch): void {
    const nowMs = performance.now();
    for (const change of dialogs) this.#tally.call(change, nowMs);
  }

  /** Takes the first addresses. */
  async begin(own: ShownAddresses): Promise<void> {
    this.#tally.begin(own.wan);
    await this.moveTo(own);
  }

  /** Tells our addresses from now on, and guards those of the Internet side. */
  async moveTo(own: ShownAddresses): Promise<void> {
    this.#own = own;
    await this.firewall.guard(sideAddresses(own, "wan"));
  }

  /** Opens what operators ask; it waits for the user switch, since the sockets are to be the new user's. */
  async openPorts(): Promise<void> {
    this.#beatTimer = setInterval(() => this.#lag.beat(performance.now()), BEAT_MS);
    await this.#ports.open(this.#options.config);
  }

  /** Asks for the figures of both isolates, what the kernel relayed included. */
  async statistics(): Promise<DaemonStatistics> {
    await this.firewall.count();
    return await this.#options.source().statistics();
  }

  /** Undoes everything. */
  async close(): Promise<void> {
    clearInterval(this.#beatTimer);
    this.#ports.close();
    await this.firewall.close();
  }

  async #figures(): Promise<DaemonFigures> {
    const source = this.#options.source();
    const statistics = await this.statistics();
    const { rss, heapUsed } = Deno.memoryUsage();
    const nowMs = performance.now();
    return {
      version: this.#options.version,
      deno: Deno.version.deno,
      target: Deno.build.target,
      processId: Deno.pid,
      epochMs: Date.now(),
      nowMs,
      uptimeMs: nowMs - this.#startedAtMs,
      residentBytes: rss,
      supervisorHeapBytes: heapUsed,
      supervisorLagMs: this.#lag.worstMs(nowMs),
      maxRegistrations: this.#options.config.registrar.maxRegistrations,
      firewall: this.firewall.state,
      offload: this.firewall.offload,
      own: this.#own,
      statistics,
      snapshot: source.snapshot(),
      tally: this.#tally.figures(),
    };
  }
}

import type { IpAddress } from "../../base/ip_address.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { DaemonTally } from "../../metrics/daemon_tally.ts";
import type { DaemonFigures } from "./daemon_figures.ts";
import { Firewall } from "../firewall/firewall.ts";
import { OperatorPorts } from "../operator/operator_ports.ts";
import type { JournalBatch, StateSnapshot } from "../protocol.ts";
import type { DaemonStatistics } from "./supervisor_options.ts";

/** Where the figures come from; the supervisor fits. */
export interface FigureSource {
  readonly statistics: () => Promise<DaemonStatistics>;
  readonly snapshot: () => StateSnapshot;
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

  constructor(options: OperationsOptions) {
    this.#options = options;
    const { config, onLog } = options;
    this.firewall = new Firewall({ config, onLog });
    this.#ports = new OperatorPorts({ figures: () => this.#figures(), onLog });
  }

  /** Counts what the log tells. */
  readonly note = (event: LogEvent): void => this.#tally.event(event);

  /** Counts calls. */
  follow({ dialogs }: JournalBatch): void {
    const nowMs = performance.now();
    for (const change of dialogs) this.#tally.call(change, nowMs);
  }

  /** Guards the first address of the Internet side. */
  async begin(wan: IpAddress | undefined): Promise<void> {
    this.#tally.begin(wan);
    await this.firewall.guard(wan);
  }

  /** Opens what operators ask; it waits for the user switch, since the sockets are to be the new user's. */
  async openPorts(): Promise<void> {
    await this.#ports.open(this.#options.config);
  }

  /** Undoes everything. */
  async close(): Promise<void> {
    this.#ports.close();
    await this.firewall.close();
  }

  async #figures(): Promise<DaemonFigures> {
    const source = this.#options.source();
    const statistics = await source.statistics();
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
      maxRegistrations: this.#options.config.registrar.maxRegistrations,
      firewall: this.firewall.state,
      statistics,
      snapshot: source.snapshot(),
      tally: this.#tally.figures(),
    };
  }
}

import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { Binding } from "../../registrar/binding.ts";
import type { OwnAddresses } from "../../proxy/env.ts";
import type { Crash } from "../files/crash_report.ts";
import type { FirewallEvent } from "../firewall/firewall.ts";
import type { IsolateModules } from "./isolate_kinds.ts";
import type { MediaStatistics } from "../media_protocol.ts";
import type { NetworkSources } from "./network_watch.ts";
import type { JournalBatch, SignallingStatistics } from "../protocol.ts";

/** What a supervisor works with. */
export interface SupervisorOptions {
  readonly config: Config;
  /** Registrations of the last run. */
  readonly bindings: readonly Binding[];
  readonly onLog: (event: LogEvent) => void;
  /** Every change of registrations and calls, a few times a second. */
  readonly onJournal?: (batch: JournalBatch) => void;
  /** An isolate met a bug of ours and ends. */
  readonly onCrash?: (crash: Crash) => void;
  /** A media stream begins, ends or finds its peer; told only where `firewall_module` wants to know. */
  readonly onStream?: (event: FirewallEvent) => void;
  /** Our addresses, after each change. */
  readonly onNetwork?: (own: OwnAddresses) => void;
  /** The process must end. */
  readonly onGiveUp?: (reason: string) => void;
  readonly modules?: IsolateModules;
  readonly network?: NetworkSources;
  /** Of the machine, where a test has another one. */
  readonly cores?: number;
}

/** Figures of both isolates; undefined where one did not answer in time. */
export interface DaemonStatistics {
  readonly signalling: SignallingStatistics | undefined;
  readonly media: MediaStatistics | undefined;
}

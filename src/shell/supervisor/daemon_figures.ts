import type { ShownAddresses } from "../../base/side_addresses.ts";
import type { TallyFigures } from "../../metrics/daemon_tally.ts";
import type { StateSnapshot } from "../protocol.ts";
import type { DaemonStatistics } from "./supervisor_options.ts";

/** Everything that is told of a running daemon, at one moment. */
export interface DaemonFigures {
  readonly version: string;
  readonly deno: string;
  readonly target: string;
  readonly processId: number;
  /** Wall clock, for readers. */
  readonly epochMs: number;
  /** The shared monotonic clock, which expiry times refer to. */
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly residentBytes: number;
  readonly supervisorHeapBytes: number;
  /** Longest delay of the supervisor's own timer in the last minutes. */
  readonly supervisorLagMs: number;
  readonly maxRegistrations: number;
  /** Whether marks are set, or ports opened: `down` while nft is being started again. */
  readonly firewall: "off" | "up" | "down";
  /** Whether the kernel relays media. */
  readonly offload: "off" | "up" | "down";
  /** Our addresses. */
  readonly own: ShownAddresses;
  readonly statistics: DaemonStatistics;
  readonly snapshot: StateSnapshot;
  readonly tally: TallyFigures;
}

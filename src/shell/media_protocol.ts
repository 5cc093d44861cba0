import type { IpAddress, IpFamily } from "../base/ip_address.ts";
import type { ShownAddresses } from "../base/side_addresses.ts";
import type { Side } from "../base/socket_address.ts";
import type { LogEvent } from "../log/log_event.ts";
import type { MediaShare } from "../rtp/media_share.ts";
import type { PortPair, RelayCommand } from "../rtp/relay_command.ts";
import type { JailReport } from "./machine/jail_probe.ts";
import type { OffloadReport } from "./firewall/offload_messages.ts";
import type { StreamEvent } from "./firewall/stream_reports.ts";
import type { RelayTallyFigures } from "../rtp/relay_tally.ts";
import type { RelayTotals, StreamStatistics } from "../rtp/relay_statistics.ts";

/** Everything the media isolate must know; sent at the start and again after every change. */
export interface MediaConfig {
  /** What ports are bound to; undefined while an interface is down. The advertised one need not be bound here. */
  readonly addresses: ShownAddresses;
  /** rtp_port_low … rtp_port_high. */
  readonly portLow: number;
  readonly portHigh: number;
  /** rtp_timeout. */
  readonly timeoutMs: number;
  /** rtp_hold_timeout. */
  readonly holdTimeoutMs: number;
  /** rtp_input_dejitter and rtp_output_dejitter, for the calls that begin from now on; 0 is off. */
  readonly inputDejitterMs: number;
  readonly outputDejitterMs: number;
  /** Bound pairs a side to keep ready; the range bounds it, bursts raise it for a while. */
  readonly stockPairs: number;
  /** Period of the check for idle streams; shorter than a second only in tests. */
  readonly sweepMs: number;
  /** Whether every lock is worth a debug event. */
  readonly lockEvents: "silent" | "logged";
  /** Whether the supervisor wants to hear of every stream: a firewall module does. */
  readonly streamEvents: "silent" | "reported";
  /** Which of several media isolates it is, the same for its whole life; left out for the only one. */
  readonly share?: MediaShare;
}

/** Supervisor to media isolate. */
export type SupervisorToMedia =
  /** First start, changed address or changed settings: the stock is bound anew where need be, live streams stay. */
  | { readonly kind: "configure"; readonly config: MediaConfig }
  /** A direct channel to the (new) signalling isolate; it takes the place of the last one. */
  | { readonly kind: "connect"; readonly port: MessagePort }
  | { readonly kind: "statistics" }
  /** What the kernel does with the paths it was offered. */
  | { readonly kind: "offload"; readonly report: OffloadReport }
  | { readonly kind: "ping" }
  /** Try to break out, and tell how it went. */
  | { readonly kind: "probe" }
  /** Close all sockets and end the isolate. */
  | { readonly kind: "stop" };

/** Media isolate to supervisor. */
export type MediaToSupervisor =
  /** After `configure`: pairs that could be bound a side. */
  | { readonly kind: "configured"; readonly lanPairs: number; readonly wanPairs: number }
  | { readonly kind: "statistics"; readonly statistics: MediaStatistics }
  | { readonly kind: "pong" }
  | { readonly kind: "log"; readonly event: LogEvent }
  | { readonly kind: "stream"; readonly event: StreamEvent }
  | { readonly kind: "probed"; readonly report: JailReport }
  /** Nothing caught an error: the isolate ends, this is its stack. */
  | { readonly kind: "crashed"; readonly stack: string }
  | { readonly kind: "stopped" };

/** Signalling isolate to media isolate, over the direct channel. */
export type SignallingToMedia =
  /** All relay commands of one outcome, in their order. */
  | { readonly kind: "relay"; readonly commands: readonly RelayCommand[] }
  /** The address that the outside is told, where a name or a plugin tells it: the supervisor does not know that one. */
  | { readonly kind: "advertised"; readonly address: IpAddress | undefined }
  /** The core's verdict was need media-ports: answered by `stock` (run again) or `exhausted` (refuse the call). */
  | {
    readonly kind: "want";
    readonly side: Side;
    readonly pairs: number;
    /** Left out by who takes pairs of any. */
    readonly family?: IpFamily;
  };

/** Media isolate to signalling isolate, over the direct channel. */
export type MediaToSignalling =
  /** First message on a new channel: all that is there; the streams are those of a signalling isolate that died. */
  | {
    readonly kind: "hello";
    readonly pairs: readonly PortPair[];
    readonly streams: readonly StreamSummary[];
  }
  /** Newly bound pairs, to be appended; also the good answer to `want` (then perhaps with nothing new). */
  | { readonly kind: "stock"; readonly pairs: readonly PortPair[] }
  /** No longer to be used (address change); what is opened with them in the next moment still works. */
  | { readonly kind: "pairs-removed"; readonly pairIds: readonly number[] }
  | { readonly kind: "exhausted"; readonly side: Side }
  /** The stream is gone: silent for too long, or `failed` (its pair or socket is lost). */
  | {
    readonly kind: "expired";
    readonly streamId: number;
    readonly callId: string;
    readonly mediaIndex: number;
    readonly reason: "expired" | "failed";
  };

/** What a restarted signalling isolate must know of a live stream. */
export interface StreamSummary {
  readonly streamId: number;
  readonly callId: string;
  readonly mediaIndex: number;
  readonly payload: "rtp" | "other";
  readonly lan: PortPair;
  readonly wan: PortPair;
}

/** Figures of the media isolate at one moment, or the sums of several. */
export interface MediaStatistics {
  /** Isolates whose figures these are. */
  readonly workers: number;
  readonly totals: RelayTotals;
  readonly live: readonly StreamStatistics[];
  /** Sends that the system refused: a firewall, no route, a full queue. */
  readonly sendErrors: number;
  /** Packets that came to ports of no stream. */
  readonly idlePackets: number;
  /** Pairs ready a side. */
  readonly stock: Readonly<Record<Side, number>>;
  /** How sources were learnt, and how well the media of ended streams came. */
  readonly tally: RelayTallyFigures;
  /** Longest delay of the isolate's own timer in the last minutes. */
  readonly loopLagMs: number;
}

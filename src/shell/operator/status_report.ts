import type { IpAddress } from "../../base/ip_address.ts";
import { sideAddresses } from "../../base/side_addresses.ts";
import { socketAddressText } from "../../base/socket_address.ts";
import type { DialogRecord } from "../../proxy/dialog_table.ts";
import type { Binding } from "../../registrar/binding.ts";
import type { LegStatistics, StreamStatistics } from "../../rtp/relay_statistics.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";

/** One registered phone. */
export interface StatusRegistration {
  /** `user@host`. */
  readonly addressOfRecord: string;
  readonly contact: string;
  /** Where requests for the phone go. */
  readonly target: string;
  readonly transport: "udp" | "tcp";
  readonly expiresInSeconds: number;
  /** The server that took the registration; null for the built-in registrar. */
  readonly registrar: string | null;
}

/** Packets from one side of a stream. */
export interface StatusLeg {
  /** Own RTP port of that side. */
  readonly port: number;
  /** The same with its address. */
  readonly local: string;
  /** Where media of that side comes from; null until it is known. */
  readonly source: string | null;
  readonly flow: "active" | "held";
  readonly packets: number;
  readonly bytes: number;
  readonly rtcpPackets: number;
  readonly dropped: number;
}

/** One relayed media stream. */
export interface StatusStream {
  readonly streamId: number;
  readonly mediaIndex: number;
  /** Who relays its media now. */
  readonly relay: "daemon" | "kernel";
  readonly fromPhone: StatusLeg;
  readonly fromInternet: StatusLeg;
}

/** One call leg. */
export interface StatusCall {
  readonly callId: string;
  readonly direction: "outgoing" | "incoming";
  readonly phase: "early" | "confirmed" | "ending";
  /** Address of record of the phone; null when it is not registered. */
  readonly phone: string | null;
  readonly phoneAddress: string;
  readonly streams: readonly StatusStream[];
}

/** Sums of one direction since the start. */
export interface StatusSum {
  readonly packets: number;
  readonly bytes: number;
}

/**
 * What `siproxd status --json` writes.
 *
 * Members may be added under the same `version`; one that goes or means something else raises it.
 */
export interface StatusReport {
  readonly version: 1;
  readonly program: {
    readonly version: string;
    readonly deno: string;
    readonly target: string;
    readonly pid: number;
    readonly startedAt: string;
    readonly uptimeSeconds: number;
    readonly residentBytes: number;
    readonly firewall: "off" | "up" | "down";
    /** Whether the kernel takes media over. */
    readonly mediaOffload: "off" | "up" | "down";
  };
  readonly addresses: {
    /** Where phones reach us: none, one, or one of each family. */
    readonly inbound: readonly string[];
    readonly outbound: readonly string[];
    /** What the outside is told in place of the first outbound one; null while there is none. */
    readonly shown: string | null;
  };
  readonly registrations: readonly StatusRegistration[];
  readonly calls: readonly StatusCall[];
  /** Null when media is not relayed, or the isolate did not answer. */
  readonly media: {
    /** Isolates that relay, each on a core of its own (media_workers). */
    readonly workers: number;
    readonly activeStreams: number;
    /** Those of them whose media the kernel relays. */
    readonly kernelStreams: number;
    readonly totalStreams: number;
    readonly fromPhones: StatusSum;
    readonly fromInternet: StatusSum;
    readonly dropped: Readonly<Record<string, number>>;
    readonly sendErrors: number;
    readonly idlePackets: number;
  } | null;
  /** Counters of signalling by name or `name{reason}`; null when the isolate did not answer. */
  readonly counters: Readonly<Record<string, number>> | null;
}

/**
 * Puts the figures of the daemon into a report for operators and their programs.
 *
 * @param figures the daemon at this moment
 * @returns plain data
 */
export function statusReport(figures: DaemonFigures): StatusReport {
  const { version, deno, target, processId, uptimeMs, statistics, snapshot, nowMs } = figures;
  const { signalling, media } = statistics;
  const live = new Map(media?.live.map((stream) => [stream.streamId, stream]));
  const phones = new Map(
    snapshot.bindings.map(({ bindingId, addressOfRecord }) => [bindingId, addressOfRecord]),
  );
  return {
    version: 1,
    program: {
      version,
      deno,
      target,
      pid: processId,
      startedAt: new Date(figures.epochMs - uptimeMs).toISOString(),
      uptimeSeconds: Math.floor(uptimeMs / 1000),
      residentBytes: figures.residentBytes,
      firewall: figures.firewall,
      mediaOffload: figures.offload,
    },
    addresses: {
      inbound: sideAddresses(figures.own, "lan"),
      outbound: sideAddresses(figures.own, "wan"),
      shown: figures.own.advertised ?? null,
    },
    registrations: snapshot.bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .map((binding) => registration(binding, nowMs)),
    calls: snapshot.dialogs.filter(({ method }) => method === "INVITE")
      .map((dialog) => call(dialog, { live, phones })),
    media: media === undefined ? null : {
      workers: media.workers,
      activeStreams: media.live.length,
      kernelStreams: media.live.filter(({ relay }) => relay === "kernel").length,
      totalStreams: media.totals.streams,
      fromPhones: media.totals.from.lan,
      fromInternet: media.totals.from.wan,
      dropped: media.totals.dropped,
      sendErrors: media.sendErrors,
      idlePackets: media.idlePackets,
    },
    counters: signalling === undefined ? null : Object.fromEntries(signalling.counters),
  };
}

function registration(binding: Binding, nowMs: number): StatusRegistration {
  const { addressOfRecord, contactUri, target, transport, expiresAtMs, registrar } = binding;
  return {
    addressOfRecord,
    contact: contactUri,
    target: socketAddressText(target),
    transport,
    expiresInSeconds: Math.round((expiresAtMs - nowMs) / 1000),
    registrar: registrar === undefined ? null : socketAddressText(registrar),
  };
}

function call(
  dialog: DialogRecord,
  known: {
    readonly live: ReadonlyMap<number, StreamStatistics>;
    readonly phones: ReadonlyMap<string, string>;
  },
): StatusCall {
  const { callId, direction, phase, phone, streams } = dialog;
  return {
    callId,
    direction,
    phase,
    phone: known.phones.get(phone.bindingId ?? "") ?? null,
    phoneAddress: socketAddressText(phone.target),
    streams: streams.flatMap(({ streamId, lanPair, wanPair }) => {
      const stream = known.live.get(streamId);
      if (stream === undefined) return [];
      const { mediaIndex, relay, lan, wan } = stream;
      const fromPhone = leg(lan, lanPair.address);
      const fromInternet = leg(wan, wanPair.address);
      return [{ streamId, mediaIndex, relay, fromPhone, fromInternet }];
    }),
  };
}

function leg(statistics: LegStatistics, address: IpAddress): StatusLeg {
  const { rtpPort: port, source, flow, packets, bytes, rtcpPackets, dropped } = statistics;
  const local = socketAddressText({ address, port });
  return { port, local, source: sourceText(source), flow, packets, bytes, rtcpPackets, dropped };
}

function sourceText(source: string): string | null {
  const [host = "", port = ""] = source.split(" ");
  if (host === "") return null;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

import type { CounterName } from "../../metrics/counters.ts";
import type { MetricFamily, MetricSample } from "../../metrics/prometheus_text.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";
import type { MediaStatistics } from "../media_protocol.ts";
import type { SignallingStatistics } from "../protocol.ts";

/** What is said of a counter. */
interface CounterText {
  readonly help: string;
  /** `reason`: it counts under reasons only, and before the first there is no sample. */
  readonly by?: "reason";
}

/** What each counter of the signalling isolate counts; `undefined` ones are told otherwise. */
const COUNTERS: Readonly<Record<CounterName, CounterText | undefined>> = Object.freeze({
  sip_received: undefined,
  sip_sent: undefined,
  sip_dropped: { help: "SIP messages that were dropped, by reason.", by: "reason" },
  sip_answered: { help: "SIP requests that siproxd answered itself, by reason.", by: "reason" },
  sip_send_failed: { help: "SIP messages that could not be sent, by reason.", by: "reason" },
  sip_stream_closed: { help: "TCP connections that siproxd closed, by reason.", by: "reason" },
  sip_bug: { help: "SIP messages that met a bug of siproxd and were dropped." },
  rtp_dropped: undefined,
  registrations_refused: { help: "Registrations that were refused, by reason.", by: "reason" },
  media_ports_exhausted: { help: "Calls that found no free media port." },
  plugin: { help: "What plugins did, by plugin and event.", by: "reason" },
  plugin_failed: { help: "Failures of plugins, by plugin.", by: "reason" },
});

/**
 * Puts the figures of the daemon into metrics.
 *
 * Labels are words of our own: no address, no user, no call is in them.
 *
 * @param figures the daemon at this moment
 * @returns the metrics, in a fixed order
 */
export function metricFamilies(figures: DaemonFigures): readonly MetricFamily[] {
  const { signalling, media } = figures.statistics;
  return [
    ...processFamilies(figures),
    ...callFamilies(figures),
    ...(signalling === undefined ? [] : sipFamilies(signalling)),
    ...(media === undefined ? [] : mediaFamilies(media)),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: `siproxd_${name}`, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: `siproxd_${name}_total`, help, type: "counter", samples };
}

function processFamilies(figures: DaemonFigures): readonly MetricFamily[] {
  const { version, deno, target, tally, firewall, statistics } = figures;
  const { lastReload, isolatesLost } = tally;
  const { signalling } = statistics;
  const heaps: MetricSample[] = [
    { labels: { isolate: "supervisor" }, value: figures.supervisorHeapBytes },
  ];
  if (signalling !== undefined) {
    heaps.push({ labels: { isolate: "signalling" }, value: signalling.heapUsedBytes });
  }
  return [
    gauge("build_info", "Version of siproxd; always 1.", [
      { labels: { version, deno, target }, value: 1 },
    ]),
    gauge("start_time_seconds", "When the daemon started, in seconds since 1970.", [
      { value: Math.round((figures.epochMs - figures.uptimeMs) / 1000) },
    ]),
    gauge("resident_memory_bytes", "Memory of the process.", [{ value: figures.residentBytes }]),
    gauge("heap_used_bytes", "Memory of each isolate's objects.", heaps),
    counter("isolates_lost", "Isolates that died or hung and were replaced.", [
      { labels: { isolate: "signalling" }, value: isolatesLost.signalling },
      { labels: { isolate: "media" }, value: isolatesLost.media },
    ]),
    gauge(
      "config_last_reload_success",
      "1 when the last reload was obeyed, 0 when it was refused.",
      lastReload === undefined ? [] : [{ value: lastReload === "done" ? 1 : 0 }],
    ),
    counter("wan_address_changes", "Changes of the address of the Internet side.", [
      { value: tally.wanAddressChanges },
    ]),
    gauge(
      "firewall_up",
      "1 while marks are set or ports opened as configured, 0 while they are not.",
      firewall === "off" ? [] : [{ value: firewall === "up" ? 1 : 0 }],
    ),
  ];
}

function callFamilies(figures: DaemonFigures): readonly MetricFamily[] {
  const { snapshot, tally } = figures;
  const calls = snapshot.dialogs.filter(({ method }) => method === "INVITE");
  const inPhase = (wanted: string) => calls.filter(({ phase }) => phase === wanted).length;
  return [
    gauge("registrations", "Registered phones.", [{ value: liveBindings(figures) }]),
    gauge("registrations_max", "Most registrations that are taken.", [
      { value: figures.maxRegistrations },
    ]),
    gauge(
      "calls_active",
      "Call legs by phase; a call between two phones inside is two legs.",
      (["early", "confirmed", "ending"] as const).map((phase) => {
        return { labels: { phase }, value: inPhase(phase) };
      }),
    ),
    counter(
      "calls",
      "Call legs that ended, by direction and whether they were answered.",
      tally.callsEnded.map(({ direction, outcome, count }) => {
        return { labels: { direction, outcome }, value: count };
      }),
    ),
    {
      name: "siproxd_call_setup_seconds",
      help: "Time from INVITE to answer, ringing included; exact to 0.2 s.",
      type: "histogram",
      histogram: tally.setupSeconds,
    },
  ];
}

function liveBindings({ snapshot, nowMs }: DaemonFigures): number {
  return snapshot.bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs).length;
}

function sipFamilies(signalling: SignallingStatistics): readonly MetricFamily[] {
  const { counters } = signalling;
  const count = (name: CounterName) => counters.get(name) ?? 0;
  const families = [
    counter("sip_messages", "SIP messages that came in and went out.", [
      { labels: { dir: "received" }, value: count("sip_received") },
      { labels: { dir: "sent" }, value: count("sip_sent") },
    ]),
    gauge("sip_waiting", "SIP messages that wait for a name or for media ports.", [
      { value: signalling.waitingMessages },
    ]),
  ];
  for (const [name, text] of Object.entries(COUNTERS)) {
    if (text === undefined) continue;
    const samples = samplesOf(name, counters);
    const none = text.by === "reason" ? [] : [{ value: 0 }];
    families.push(counter(name, text.help, samples.length === 0 ? none : samples));
  }
  return families;
}

/** Counters are kept as `name` or `name{reason}`. */
function samplesOf(name: string, counters: ReadonlyMap<string, number>): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (const [key, value] of counters) {
    if (key === name) samples.push({ value });
    if (!key.startsWith(`${name}{`)) continue;
    samples.push({ labels: { reason: key.slice(name.length + 1, -1) }, value });
  }
  return samples;
}

function mediaFamilies(media: MediaStatistics): readonly MetricFamily[] {
  const { totals, live, stock } = media;
  const bySide = (unit: "packets" | "bytes"): readonly MetricSample[] => [
    { labels: { dir: "from_phones" }, value: totals.from.lan[unit] },
    { labels: { dir: "from_internet" }, value: totals.from.wan[unit] },
  ];
  return [
    gauge("rtp_streams_active", "Media streams that are relayed now.", [{ value: live.length }]),
    counter("rtp_streams", "Media streams that were relayed.", [{ value: totals.streams }]),
    counter("rtp_packets", "RTP and RTCP packets that were accepted.", bySide("packets")),
    counter("rtp_bytes", "Bytes of those packets, without UDP and IP.", bySide("bytes")),
    counter(
      "rtp_dropped",
      "Media packets that were refused, by reason.",
      [
        ...Object.entries(totals.dropped).map(([reason, value]) => ({ labels: { reason }, value })),
        { labels: { reason: "no_stream" }, value: media.idlePackets },
      ],
    ),
    counter("rtp_send_errors", "Media packets that the system did not send.", [
      { value: media.sendErrors },
    ]),
    gauge("rtp_ports_ready", "Pairs of bound ports that wait for a call.", [
      { labels: { side: "lan" }, value: stock.lan },
      { labels: { side: "wan" }, value: stock.wan },
    ]),
  ];
}

import { sideAddress } from "../../base/side_addresses.ts";
import type { MetricFamily, MetricSample } from "../../metrics/prometheus_text.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";
import { mediaFamilies } from "./media_families.ts";
import { counter, gauge } from "./metric_family.ts";
import { sipFamilies } from "./sip_families.ts";

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

function processFamilies(figures: DaemonFigures): readonly MetricFamily[] {
  const { version, deno, target, tally, firewall, offload, statistics } = figures;
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
    gauge(
      "event_loop_lag_seconds",
      "Longest delay of each isolate's timer in the last one to two minutes.",
      lagSamples(figures),
    ),
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
      "side_up",
      "1 while a side has an address of that family, 0 while it has none.",
      (["lan", "wan"] as const).flatMap((side) =>
        ([4, 6] as const).map((family) => ({
          labels: { side, family: `ipv${family}` },
          value: sideAddress(figures.own, { side, family }) === undefined ? 0 : 1,
        }))
      ),
    ),
    gauge(
      "firewall_up",
      "1 while marks are set or ports opened as configured, 0 while they are not.",
      firewall === "off" ? [] : [{ value: firewall === "up" ? 1 : 0 }],
    ),
    gauge(
      "media_offload_up",
      "1 while the kernel takes media over as configured, 0 while it cannot.",
      offload === "off" ? [] : [{ value: offload === "up" ? 1 : 0 }],
    ),
  ];
}

function lagSamples({ statistics, supervisorLagMs }: DaemonFigures): readonly MetricSample[] {
  const { signalling, media } = statistics;
  const lags: readonly (readonly [string, number | undefined])[] = [
    ["supervisor", supervisorLagMs],
    ["signalling", signalling?.loopLagMs],
    ["media", media?.loopLagMs],
  ];
  return lags.flatMap(([isolate, lagMs]) =>
    lagMs === undefined ? [] : [{ labels: { isolate }, value: Math.round(lagMs) / 1000 }]
  );
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
      histograms: [{ histogram: tally.setupSeconds }],
    },
  ];
}

function liveBindings({ snapshot, nowMs }: DaemonFigures): number {
  return snapshot.bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs).length;
}

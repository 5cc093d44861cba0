import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { daemonFigures } from "../../../tests/support/daemon_figures.ts";
import { prometheusText } from "../../metrics/prometheus_text.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";
import { metricFamilies } from "./metric_families.ts";

/** The samples of the text, without HELP and TYPE. */
function samples(change: Partial<DaemonFigures> = {}): readonly string[] {
  return prometheusText(metricFamilies(daemonFigures(change))).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

Deno.test("metricFamilies() tells every figure", () => {
  deepStrictEqual(samples().filter((line) => !line.includes("call_setup")), [
    'siproxd_build_info{version="1.2.3",deno="2.7.11",target="x86_64-unknown-linux-gnu"} 1',
    "siproxd_start_time_seconds 1767322955",
    "siproxd_resident_memory_bytes 84000000",
    'siproxd_heap_used_bytes{isolate="supervisor"} 9000000',
    'siproxd_heap_used_bytes{isolate="signalling"} 13000000',
    'siproxd_isolates_lost_total{isolate="signalling"} 0',
    'siproxd_isolates_lost_total{isolate="media"} 0',
    "siproxd_wan_address_changes_total 0",
    "siproxd_firewall_up 1",
    "siproxd_registrations 1",
    "siproxd_registrations_max 500",
    'siproxd_calls_active{phase="early"} 0',
    'siproxd_calls_active{phase="confirmed"} 1',
    'siproxd_calls_active{phase="ending"} 0',
    'siproxd_calls_total{direction="outgoing",outcome="answered"} 0',
    'siproxd_calls_total{direction="outgoing",outcome="unanswered"} 0',
    'siproxd_calls_total{direction="incoming",outcome="answered"} 0',
    'siproxd_calls_total{direction="incoming",outcome="unanswered"} 0',
    'siproxd_sip_messages_total{dir="received"} 9',
    'siproxd_sip_messages_total{dir="sent"} 8',
    "siproxd_sip_waiting 0",
    'siproxd_sip_dropped_total{reason="loop"} 1',
    'siproxd_sip_dropped_total{reason="parse"} 2',
    "siproxd_sip_bug_total 0",
    "siproxd_media_ports_exhausted_total 0",
    "siproxd_rtp_streams_active 1",
    "siproxd_rtp_streams_total 3",
    'siproxd_rtp_packets_total{dir="from_phones"} 160',
    'siproxd_rtp_packets_total{dir="from_internet"} 141',
    'siproxd_rtp_bytes_total{dir="from_phones"} 27000',
    'siproxd_rtp_bytes_total{dir="from_internet"} 24800',
    'siproxd_rtp_dropped_total{reason="source"} 4',
    'siproxd_rtp_dropped_total{reason="no_stream"} 7',
    "siproxd_rtp_send_errors_total 0",
    'siproxd_rtp_ports_ready{side="lan"} 16',
    'siproxd_rtp_ports_ready{side="wan"} 15',
  ]);
});

Deno.test("metricFamilies() has a help text and a proper name for each metric", () => {
  const families = metricFamilies(daemonFigures());
  for (const { name, help, type } of families) {
    match(name, type === "counter" ? /^siproxd_[a-z_]+_total$/ : /^siproxd_[a-z_]+$/);
    match(help, /^[1A-Z].{10,}\.$/);
  }
  strictEqual(new Set(families.map(({ name }) => name)).size, families.length);
});

Deno.test("metricFamilies() tells nothing about anybody", () => {
  const text = prometheusText(metricFamilies(daemonFigures()));
  strictEqual(/alice|10\.0\.0\.|203\.0\.113|call-1/.test(text), false);
});

Deno.test("metricFamilies() leaves out what an isolate did not tell", () => {
  const lines = samples({ statistics: { signalling: undefined, media: undefined } });
  strictEqual(lines.some((line) => /_sip_|_rtp_|signalling"\} 1/.test(line)), false);
  strictEqual(lines.includes("siproxd_registrations 1"), true);
});

Deno.test("metricFamilies() tells the last reload, and a firewall that is down", () => {
  const tally = { ...daemonFigures().tally, lastReload: "refused" as const };
  const lines = samples({ tally, firewall: "down" });
  strictEqual(lines.includes("siproxd_config_last_reload_success 0"), true);
  strictEqual(lines.includes("siproxd_firewall_up 0"), true);
  strictEqual(samples({ firewall: "off" }).some((line) => line.includes("firewall_up")), false);
});

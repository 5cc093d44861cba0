import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { daemonFigures } from "../../../tests/support/daemon_figures.ts";
import { parsePrometheus } from "../../../tests/support/prometheus_parser.ts";
import { prometheusText } from "../../metrics/prometheus_text.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";
import { metricFamilies } from "./metric_families.ts";

/** The samples of the text, without HELP and TYPE. */
function samples(change: Partial<DaemonFigures> = {}): readonly string[] {
  return prometheusText(metricFamilies(daemonFigures(change))).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

Deno.test("metricFamilies() tells every figure", () => {
  const isPlain = (line: string) => !/call_setup|rtp_loss|rtp_jitter/.test(line);
  deepStrictEqual(samples().filter(isPlain), [
    'siproxd_build_info{version="1.2.3",deno="2.7.11",target="x86_64-unknown-linux-gnu"} 1',
    "siproxd_start_time_seconds 1767322955",
    "siproxd_resident_memory_bytes 84000000",
    'siproxd_heap_used_bytes{isolate="supervisor"} 9000000',
    'siproxd_heap_used_bytes{isolate="signalling"} 13000000',
    'siproxd_event_loop_lag_seconds{isolate="supervisor"} 1.5',
    'siproxd_event_loop_lag_seconds{isolate="signalling"} 0.012',
    'siproxd_event_loop_lag_seconds{isolate="media"} 0.003',
    'siproxd_isolates_lost_total{isolate="signalling"} 0',
    'siproxd_isolates_lost_total{isolate="media"} 0',
    "siproxd_wan_address_changes_total 0",
    'siproxd_side_up{side="lan",family="ipv4"} 1',
    'siproxd_side_up{side="lan",family="ipv6"} 0',
    'siproxd_side_up{side="wan",family="ipv4"} 1',
    'siproxd_side_up{side="wan",family="ipv6"} 1',
    "siproxd_firewall_up 1",
    "siproxd_media_offload_up 1",
    "siproxd_registrations 1",
    "siproxd_registrations_max 500",
    'siproxd_calls_active{phase="early"} 0',
    'siproxd_calls_active{phase="confirmed"} 1',
    'siproxd_calls_active{phase="ending"} 0',
    'siproxd_calls_total{direction="outgoing",outcome="answered"} 0',
    'siproxd_calls_total{direction="outgoing",outcome="unanswered"} 0',
    'siproxd_calls_total{direction="incoming",outcome="answered"} 0',
    'siproxd_calls_total{direction="incoming",outcome="unanswered"} 0',
    'siproxd_sip_messages_total{dir="received",side="lan",transport="udp",method="INVITE"} 5',
    'siproxd_sip_messages_total{dir="sent",side="wan",transport="tcp",class="2xx"} 4',
    'siproxd_sip_messages_total{dir="sent",side="wan",transport="udp",method="other"} 1',
    "siproxd_sip_waiting 0",
    'siproxd_sip_dropped_total{reason="loop"} 1',
    'siproxd_sip_dropped_total{reason="parse"} 2',
    "siproxd_sip_bug_total 0",
    'siproxd_register_attempts_total{registrar="proxied",code="200"} 3',
    'siproxd_register_attempts_total{registrar="local",code="4xx"} 1',
    "siproxd_media_ports_exhausted_total 0",
    'siproxd_dns_queries_total{type="SRV",result="no_records"} 2',
    "siproxd_rtp_workers 1",
    "siproxd_rtp_streams_active 1",
    "siproxd_rtp_streams_kernel 1",
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
    'siproxd_rtp_lock_total{how="announced"} 4',
    'siproxd_rtp_lock_total{how="other_port"} 1',
    'siproxd_rtp_lock_total{how="any_source"} 0',
    'siproxd_rtp_lock_total{how="rebound"} 2',
  ]);
});

Deno.test("metricFamilies() tells loss and jitter of each side", () => {
  deepStrictEqual(samples().filter((line) => /rtp_loss_ratio.*from_internet/.test(line)), [
    'siproxd_rtp_loss_ratio_bucket{dir="from_internet",le="0.01"} 1',
    'siproxd_rtp_loss_ratio_bucket{dir="from_internet",le="0.1"} 2',
    'siproxd_rtp_loss_ratio_bucket{dir="from_internet",le="+Inf"} 3',
    'siproxd_rtp_loss_ratio_sum{dir="from_internet"} 0.25',
    'siproxd_rtp_loss_ratio_count{dir="from_internet"} 3',
  ]);
  strictEqual(samples().filter((line) => line.includes("rtp_jitter_seconds_")).length, 10);
});

Deno.test("metricFamilies() makes a text that Prometheus takes", () => {
  const families = metricFamilies(daemonFigures());
  const parsed = parsePrometheus(prometheusText(families));
  deepStrictEqual([...parsed.keys()], families.map(({ name }) => name));
});

Deno.test("metricFamilies() has a help text and a proper name for each metric", () => {
  const families = metricFamilies(daemonFigures());
  for (const { name, help, type } of families) {
    match(name, type === "counter" ? /^siproxd_[a-z_]+_total$/ : /^siproxd_[a-z_]+$/);
    match(help, /^[1A-Z].{10,}\.$/);
  }
  strictEqual(new Set(families.map(({ name }) => name)).size, families.length);
});

Deno.test("metricFamilies() tells nothing about anybody (R25)", () => {
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
  strictEqual(samples({ offload: "down" }).includes("siproxd_media_offload_up 0"), true);
  strictEqual(samples({ offload: "off" }).some((line) => line.includes("offload_up")), false);
  strictEqual(samples({ firewall: "off" }).some((line) => line.includes("firewall_up")), false);
});

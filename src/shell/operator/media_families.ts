import type { Side } from "../../base/socket_address.ts";
import type { MetricFamily, MetricSample } from "../../metrics/prometheus_text.ts";
import type { RelayTallyFigures } from "../../rtp/relay_tally.ts";
import type { MediaStatistics } from "../media_protocol.ts";
import { counter, gauge } from "./metric_family.ts";

/** The side a packet came from, as metrics name it. */
const FROM: Readonly<Record<Side, string>> = Object.freeze({
  lan: "from_phones",
  wan: "from_internet",
});

/**
 * Puts the figures of the media isolates into metrics.
 *
 * @param media what it told
 * @returns the metrics, in a fixed order
 */
export function mediaFamilies(media: MediaStatistics): readonly MetricFamily[] {
  const { totals, live, stock, tally } = media;
  const bySide = (unit: "packets" | "bytes"): readonly MetricSample[] =>
    (["lan", "wan"] as const).map((side) => {
      return { labels: { dir: FROM[side] }, value: totals.from[side][unit] };
    });
  return [
    gauge("rtp_workers", "Isolates that relay media, each on a core of its own.", [
      { value: media.workers },
    ]),
    gauge("rtp_streams_active", "Media streams that are relayed now.", [{ value: live.length }]),
    gauge("rtp_streams_kernel", "Those of them whose media the kernel relays.", [
      { value: live.filter(({ relay }) => relay === "kernel").length },
    ]),
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
    counter(
      "rtp_lock",
      "Sources of media that were learnt, by how.",
      Object.entries(tally.locks).map(([how, value]) => ({ labels: { how }, value })),
    ),
    ...qualityFamilies(tally),
  ];
}

function qualityFamilies(tally: RelayTallyFigures): readonly MetricFamily[] {
  const bySide = (figures: RelayTallyFigures["lossRatio"]) =>
    (["lan", "wan"] as const).map((side) => {
      return { labels: { dir: FROM[side] }, histogram: figures[side] };
    });
  return [
    {
      name: "siproxd_rtp_loss_ratio",
      help: "Share of the RTP packets of a stream that never came, told at its end.",
      type: "histogram",
      histograms: bySide(tally.lossRatio),
    },
    {
      name: "siproxd_rtp_jitter_seconds",
      help: "Jitter of the RTP of a stream as RFC 3550 computes it, told at its end.",
      type: "histogram",
      histograms: bySide(tally.jitterSeconds),
    },
  ];
}

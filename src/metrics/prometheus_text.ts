import type { DistributionFigures } from "../base/distribution.ts";

/** One value of a metric. */
export interface MetricSample {
  /** Bounded words of our own; never anything from the network (a label value costs memory in every server). */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A distribution of a metric. */
export interface HistogramSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly histogram: DistributionFigures;
}

/** One metric with everything a reader must know of it. */
export type MetricFamily =
  & { readonly name: string; readonly help: string }
  & (
    | { readonly type: "counter" | "gauge"; readonly samples: readonly MetricSample[] }
    | { readonly type: "histogram"; readonly histograms: readonly HistogramSample[] }
  );

/** What the text is served as (Prometheus text exposition format 0.0.4). */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes metrics in the text exposition format of Prometheus.
 *
 * @param families the metrics in their order
 * @returns lines with HELP and TYPE in front of each metric
 */
export function prometheusText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join("");
}

function familyText(family: MetricFamily): string {
  const lines = family.type === "histogram"
    ? family.histograms.flatMap((sample) => histogramLines(family.name, sample))
    : family.samples.map(({ labels, value }) => sampleLine(family.name, labels ?? {}, value));
  const { name, help, type } = family;
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

function histogramLines(name: string, sample: HistogramSample): readonly string[] {
  const { labels = {} } = sample;
  const { buckets, sum, count } = sample.histogram;
  return [
    ...buckets.map((bucket) =>
      sampleLine(`${name}_bucket`, { ...labels, le: `${bucket.atMost}` }, bucket.count)
    ),
    sampleLine(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    sampleLine(`${name}_sum`, labels, sum),
    sampleLine(`${name}_count`, labels, count),
  ];
}

function sampleLine(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

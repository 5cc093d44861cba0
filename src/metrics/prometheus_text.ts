/** One value of a metric. */
export interface MetricSample {
  /** Bounded words of our own; never anything from the network (a label value costs memory in every server). */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A distribution: how many values were at most so large. */
export interface Histogram {
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** One metric with everything a reader must know of it. */
export type MetricFamily =
  & { readonly name: string; readonly help: string }
  & (
    | { readonly type: "counter" | "gauge"; readonly samples: readonly MetricSample[] }
    | { readonly type: "histogram"; readonly histogram: Histogram }
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
    ? histogramLines(family.name, family.histogram)
    : family.samples.map(({ labels, value }) => sampleLine(family.name, labels ?? {}, value));
  const { name, help, type } = family;
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

function histogramLines(name: string, histogram: Histogram): readonly string[] {
  const { buckets, sum, count } = histogram;
  return [
    ...buckets.map((bucket) =>
      sampleLine(`${name}_bucket`, { le: `${bucket.atMost}` }, bucket.count)
    ),
    sampleLine(`${name}_bucket`, { le: "+Inf" }, count),
    sampleLine(`${name}_sum`, {}, sum),
    sampleLine(`${name}_count`, {}, count),
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
